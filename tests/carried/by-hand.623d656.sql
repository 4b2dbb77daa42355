PRAGMA user_version = 5;
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'woo2po','m001_orders_and_writes','2026-11-29 00:21:09.118159+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'woo2po','m002_what_follows_an_order','2026-11-29 00:21:09.119457+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'woo2po','m003_credit_notes_and_one_protocol','2026-11-30 15:21:10.359101+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'woo2po','m004_captures','2026-11-30 15:21:10.360837+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'woo2po','m005_payouts','2026-11-30 15:21:10.361465+00:00');
CREATE TABLE "catalogue" (
   "part" TEXT PRIMARY KEY,
   "read_at" TEXT NOT NULL,
   "body" TEXT NOT NULL
) STRICT;
CREATE TABLE credit_notes (
            id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL, refund_id INTEGER,
            reference TEXT NOT NULL, matching_reference TEXT NOT NULL,
            todo INTEGER NOT NULL DEFAULT 1, hold_code TEXT, hold_facts TEXT, held_at TEXT,
            held_settings TEXT, skip_code TEXT, skip_facts TEXT, waits TEXT, payment TEXT,
            payment_body TEXT, customer_id INTEGER, delivery_address_id INTEGER,
            sales_order_id TEXT DEFAULT '', sales_order_no INTEGER, invoice_no INTEGER,
            invoice_equal INTEGER, total_ore INTEGER, currency TEXT DEFAULT '',
            wanted_digest TEXT DEFAULT '', left_digest TEXT DEFAULT '', notes TEXT DEFAULT '[]'
        , "booked_ore" INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO "credit_notes" VALUES(-40501,405,NULL,'shop_405-c','woo-0f59463c60-405-c',0,NULL,NULL,NULL,NULL,NULL,NULL,'person',NULL,NULL,5000005,NULL,'d77cd4c6-285a-5538-8742-1730359993d3',10,NULL,NULL,-179700,'NOK','3658b2d36be0d67d406af623952b8dec7cab114475bd515e28ac84f23387e22b','8d84f2dffce9f4e43b5c09ddf98484ff9c2f469b47e9dd744dfd0c10da2390e6','[]',0);
INSERT INTO "credit_notes" VALUES(410,404,410,'shop_404-r410','woo-0f59463c60-404-r410',0,NULL,NULL,NULL,NULL,NULL,NULL,'person','due','bank 3000005 1903 2026-11-23 -1299.00 NOK',5000004,NULL,'318fd721-c6c6-50be-84b9-04590afe5f46',11,NULL,NULL,-129900,'NOK','ef347be2e6096eac1f0667d15afc36b704629f16cb42410ad3f8f0c3a913b840','cc49fa8bfd795c8256d692b8a2ebd15805eb4587e83bf986d0a94160428a4f3a','[]',0);
CREATE TABLE "customers" (
   "reference" TEXT PRIMARY KEY,
   "customer_id" INTEGER NOT NULL,
   "subledger_account_id" INTEGER,
   "has_addresses" INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-848cc4850646a70f6492',5000001,4000001,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-95d9fe094bd456ff6cbc',5000002,4000002,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-861057e6300a3d6861b9',5000003,4000003,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-bb92021146c076f87848',5000004,4000004,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-f293f2b770813546d433',5000005,4000005,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-a016dfcaaafb392dec84',5000006,4000006,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-74952f0355fb1b4b2158',5000007,4000007,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-b9347af56c9742e68644',5000008,4000008,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-a40407d2800c784a81e6',5000009,4000009,0);
CREATE TABLE "delivery_addresses" (
   "external_code" TEXT PRIMARY KEY,
   "customer_id" INTEGER NOT NULL,
   "address_id" INTEGER NOT NULL
) STRICT;
CREATE TABLE "documents_found" (
   "document_id" TEXT PRIMARY KEY,
   "reference" TEXT NOT NULL,
   "matching_reference" TEXT NOT NULL,
   "order_no" INTEGER,
   "invoice_no" INTEGER,
   "total_ore" INTEGER
) STRICT;
CREATE TABLE "meta" (
   "key" TEXT PRIMARY KEY,
   "value" TEXT
) STRICT;
INSERT INTO "meta" VALUES('shop','shop.example');
INSERT INTO "meta" VALUES('environment','demo');
INSERT INTO "meta" VALUES('selection','1d1d8922d0847221');
INSERT INTO "meta" VALUES('cursor','2026-11-23T19:11:43+00:00');
INSERT INTO "meta" VALUES('statuses','{"asked": "2026-11-23T18:00:00+00:00", "names": ["trash", "pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed"]}');
INSERT INTO "meta" VALUES('polled','2026-11-23T19:11:43.922000+00:00');
INSERT INTO "meta" VALUES('long_look','2026-11-23');
INSERT INTO "meta" VALUES('shop_route_style','pretty');
INSERT INTO "meta" VALUES('shop_keys_in_query','no');
INSERT INTO "meta" VALUES('company','7b3f0c1e-5d1a-4c68-9b52-3f2f6d3a1c11');
INSERT INTO "meta" VALUES('looked','2026-11-23T19:11:43+00:00');
INSERT INTO "meta" VALUES('looked_at_all','2026-11-23T18:00:00+00:00');
INSERT INTO "meta" VALUES('clock_ahead','0');
INSERT INTO "meta" VALUES('looked_at_waiting','2026-11-23T19:06:42.968000+00:00');
INSERT INTO "meta" VALUES('looked_for_invoices','2026-11-23T19:06:43+00:00');
INSERT INTO "meta" VALUES('vouchers_posted','yes');
INSERT INTO "meta" VALUES('tell_of_captures','yes');
CREATE TABLE "orders" (
   "order_id" INTEGER PRIMARY KEY,
   "number" TEXT NOT NULL,
   "created" TEXT,
   "shop_status" TEXT,
   "reference" TEXT NOT NULL,
   "matching_reference" TEXT NOT NULL,
   "seen_hash" TEXT NOT NULL,
   "todo" INTEGER NOT NULL DEFAULT '1',
   "hold_code" TEXT,
   "hold_facts" TEXT,
   "held_at" TEXT,
   "held_settings" TEXT,
   "skip_code" TEXT,
   "skip_facts" TEXT,
   "cancelled" INTEGER DEFAULT '0',
   "customer_id" INTEGER,
   "delivery_address_id" INTEGER,
   "sales_order_id" TEXT DEFAULT '',
   "sales_order_no" INTEGER,
   "invoice_no" INTEGER,
   "total_ore" INTEGER,
   "currency" TEXT DEFAULT '',
   "wanted_digest" TEXT DEFAULT '',
   "left_digest" TEXT DEFAULT '',
   "notes" TEXT DEFAULT '[]',
   "generation" INTEGER,
   "waits" TEXT,
   "payment" TEXT,
   "payment_body" TEXT,
   "invoice_equal" INTEGER
, "booked_ore" INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO "orders" VALUES(401,'401','2026-10-05T08:00:00+00:00','processing','shop_401','woo-0f59463c60-401','ffab2116b3649452ebce5fd0be0529102d4dd890b48e4596ac4b7797a467355d',1,NULL,NULL,NULL,NULL,NULL,NULL,0,5000001,NULL,'1d874e6e-df35-5886-8796-9eaa9d0742cf',1,NULL,179700,'NOK','04b47d167477b89ff336ad671e5f55e4b4a019f1f2f4ec9bb06c646201bb85d7.50eaa4807137f64956c4b496a1f11311f14acd5e99e56e479d3f609342d9fc3a','cee4469fca818bdd0fa086176b65c8b984c641876731b934c408e019e28d50fa','[]',NULL,'person','','bank 3000005 1903 2026-10-05 1797.00 NOK',NULL,0);
INSERT INTO "orders" VALUES(402,'402','2026-10-05T08:00:00+00:00','processing','shop_402','woo-0f59463c60-402','b87b75a712b6fb92bb9f8eb0e88daadcd6fc076cd5606a47f4a33a1fe19226d0',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000002,NULL,'5105f114-b336-5ae1-be6a-598fab0cc5cb',2,10001,179700,'NOK','6da8a9d58f4f35300e71740e85d68934c43eadc20bf71ee08cba7a019a501e31.9daccef0943957769ad34f6a3fdb3674d853447d487cca89a329e2b9fb673a26','0c0e78316c26ee0fe0fabfadda135ed859a97d4911f76a3f2ff2dd361424b313','[]',NULL,'','made','bank 3000005 1903 2026-10-05 1797.00 NOK',1,179700);
INSERT INTO "orders" VALUES(403,'403','2026-10-05T08:00:00+00:00','processing','shop_403','woo-0f59463c60-403','7ad2dcd510f0ea2d300f9cd7b9b395463a694362bcbe8038c5d2479a0e48799a',1,NULL,NULL,NULL,NULL,NULL,NULL,0,5000003,NULL,'04da80d1-12b6-58df-a11f-a190234f5ab8',3,NULL,179700,'NOK','8c97bd1309bb937076eecbfdf643ba1b31c44e798e5faa0b4bab552403818af7.c5bb440773a5f4251272115fbd997d3d99bb205ba7fa9e36ef9f44ece8186379','eed2801970f19b067f4c199dd9e57611017bb6c668eaa5872687345e20ba50c9','[]',NULL,'person','','bank 3000005 1903 2026-10-05 1797.00 NOK',NULL,0);
INSERT INTO "orders" VALUES(404,'404','2026-10-05T08:00:00+00:00','processing','shop_404','woo-0f59463c60-404','f52a2cc8c7b664baccd70f1a1d44cf5fc2beda5a38b9d8c5e87f7b34921912ff',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000004,NULL,'d64a3e19-d49c-5433-aa74-cbe47feb1fd9',4,10002,179700,'NOK','3818dd2dd555af328b217775ec12acdd3100d450095489e55cd46a14a7195878.8c7a3ab529e70db453cb9d2b355f2cf40018a4773864d8b92cb752fec5945b6f','02ddc1691ef69288c1680f82018d017b4e5aa2cdadd5717b5c8ea1d831b4b1b6','[]',NULL,'','made','bank 3000005 1903 2026-10-05 1797.00 NOK',1,179700);
INSERT INTO "orders" VALUES(405,'405','2026-10-05T08:00:00+00:00','cancelled','shop_405','woo-0f59463c60-405','ad6f8e3eed28403188e712c95c3d7a01ea11ba5441600ba658b93d74b8f9ecc0',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000005,NULL,'7d8ce67c-a1f2-51a8-a301-570380cd0230',5,10003,179700,'NOK','e325e1e4204f97f4a5f888ca2b503979cc47f97da4b6f9e4ba7a8a425be32a62.3f558f196a704fd8b54c985eee745109acee60715995513449d96b05fdf81f36','92521ce1b23efc1d992e562253b69a892b6cd33d85920a75fd47f94c8b547aad','[]',NULL,'','made','bank 3000005 1903 2026-10-05 1797.00 NOK',1,179700);
INSERT INTO "orders" VALUES(406,'406','2026-10-05T08:00:00+00:00','cancelled','shop_406-2','woo-0f59463c60-406-2','6b15d2fefb051d0b3132470caeb3bfbdd97cbda5628ef5bd71044d8d14a84e43',0,NULL,NULL,NULL,NULL,NULL,NULL,1,5000006,NULL,'',NULL,NULL,179700,'NOK','','','[]',2,'','','bank 3000005 1903 2026-10-05 1797.00 NOK',0,0);
INSERT INTO "orders" VALUES(407,'407','2026-10-05T08:00:00+00:00','processing','shop_407','woo-0f59463c60-407','f70423091be3604bf834f7435c393291ccdde89b09854ab83c77e7b3365e9eb6',1,NULL,NULL,NULL,NULL,NULL,NULL,0,5000007,NULL,'87605403-46d3-528e-990d-531253a0df5c',7,NULL,179700,'NOK','4d5b49158949ea38db67fd042f50a4efe5ba833f46ecb955656d1ca0aa72a668.307d6fba638e9a5883a79d1c9cfc06284d8adde7352a9a319bca07356f5cba22','2ab02a3afc3b4b33b4df7cadbb0ec1cb9799011c21785afa3ad4ba290611ebeb','[]',NULL,'person','','bank 3000005 1903 2026-10-05 1797.00 NOK',NULL,0);
INSERT INTO "orders" VALUES(408,'408','2026-10-05T08:00:00+00:00','processing','shop_408','woo-0f59463c60-408','152e979105667942ac478fcf8bc02e85a981d289b5d0af4b6b408cb7df65902a',1,NULL,NULL,NULL,NULL,NULL,NULL,0,5000008,NULL,'c70fbb72-461b-5109-9003-f924d61d5e5b',8,NULL,179700,'NOK','c86fcd6f151d620dd35dd963ac319d3e9209853fc60801726cbba0fa760566d4.3c50d1f055a67eb118a0fd1d2b4575a8f3c75c2c588f9f321a5652d0041184d6','d453974c854ca6b8376cc9eae295e99b6ac9e3ac23c5a0ab5d0ab5db64f522dd','[]',NULL,'person','','bank 3000005 1903 2026-10-05 1797.00 NOK',NULL,0);
INSERT INTO "orders" VALUES(409,'409','2026-10-05T08:00:00+00:00','processing','shop_409','woo-0f59463c60-409','0948a393c520b3359ef3f7399c57bcb1acbad7fc56c046d10b9d16f182ad4434',1,NULL,NULL,NULL,NULL,NULL,NULL,0,5000009,NULL,'a548c111-7508-5558-a095-e59b46aa7031',9,NULL,179700,'NOK','63e62dab7350d07f1bbb06387cb199d361c66e34bab2bac98d89e3cd1f20dde4.55d1c37ec638c5325dfa4ea28c502dfa520dc42ee9ce5269a545657f025b4abd','1bc74369cdbf77e9d51afc19ceefe9c038818867d9ad1fb5c33503089730a939','[]',NULL,'person','','bank 3000005 1903 2026-10-05 1797.00 NOK',NULL,0);
CREATE TABLE payouts (
            reference TEXT PRIMARY KEY, provider TEXT NOT NULL, key TEXT NOT NULL, id TEXT,
            day TEXT NOT NULL, currency TEXT NOT NULL, net INTEGER NOT NULL, bank_reference TEXT,
            text TEXT, lines TEXT NOT NULL, rows TEXT NOT NULL, number INTEGER
        ) STRICT;
CREATE TABLE "runs" (
   "id" INTEGER PRIMARY KEY,
   "started" TEXT NOT NULL,
   "ended" TEXT,
   "exit_code" INTEGER,
   "counts" TEXT DEFAULT '{}'
) STRICT;
INSERT INTO "runs" VALUES(1,'2026-11-23T18:00:00+00:00','2026-11-23T18:00:02.756000+00:00',0,'{"made": 9}');
INSERT INTO "runs" VALUES(2,'2026-11-23T19:06:42.756000+00:00','2026-11-23T19:06:43.922000+00:00',0,'{"unchanged": 3, "invoiced": 3, "paid": 3}');
INSERT INTO "runs" VALUES(3,'2026-11-23T19:11:43.922000+00:00','2026-11-23T19:11:45.088000+00:00',0,'{"unchanged": 1, "cancelled": 1, "credited": 2}');
CREATE TABLE "vouchers" (
   "reference" TEXT PRIMARY KEY NOT NULL,
   "kind" TEXT NOT NULL,
   "day" TEXT NOT NULL,
   "currency" TEXT NOT NULL,
   "orders" TEXT NOT NULL,
   "body" TEXT NOT NULL,
   "number" INTEGER
) STRICT;
INSERT INTO "vouchers" VALUES('d2e3e697-aa9a-58c9-a1fa-02cd4f022247','bank','2026-10-05','NOK','[402, 404, 405]','{"description": "shop_ 2026-10-05", "lines": [[3000005, 41, "1797.00", "shop_402", "", null, null], [4000002, 41, "-1797.00", "shop_402", "woo-0f59463c60-402", 10001, null], [3000005, 41, "1797.00", "shop_404", "", null, null], [4000004, 41, "-1797.00", "shop_404", "woo-0f59463c60-404", 10002, null], [3000005, 41, "1797.00", "shop_405", "", null, null], [4000005, 41, "-1797.00", "shop_405", "woo-0f59463c60-405", 10003, null]]}',4);
CREATE TABLE "writes" (
   "id" INTEGER PRIMARY KEY,
   "order_id" INTEGER NOT NULL,
   "kind" TEXT NOT NULL,
   "reference" TEXT NOT NULL,
   "attempts" INTEGER NOT NULL,
   "first_attempt" TEXT,
   "last_attempt" TEXT NOT NULL,
   "since" TEXT,
   "outcome" TEXT NOT NULL,
   "remote_id" TEXT DEFAULT ''
, "said" TEXT) STRICT;
INSERT INTO "writes" VALUES(1,401,'create_customer','woo-0f59463c60-mail-848cc4850646a70f6492',1,'2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00+00:00','made','5000001',NULL);
INSERT INTO "writes" VALUES(2,402,'create_customer','woo-0f59463c60-mail-95d9fe094bd456ff6cbc',1,'2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00+00:00','made','5000002',NULL);
INSERT INTO "writes" VALUES(3,403,'create_customer','woo-0f59463c60-mail-861057e6300a3d6861b9',1,'2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00+00:00','made','5000003',NULL);
INSERT INTO "writes" VALUES(4,404,'create_customer','woo-0f59463c60-mail-bb92021146c076f87848',1,'2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00+00:00','made','5000004',NULL);
INSERT INTO "writes" VALUES(5,405,'create_customer','woo-0f59463c60-mail-f293f2b770813546d433',1,'2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00+00:00','made','5000005',NULL);
INSERT INTO "writes" VALUES(6,406,'create_customer','woo-0f59463c60-mail-a016dfcaaafb392dec84',1,'2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00+00:00','made','5000006',NULL);
INSERT INTO "writes" VALUES(7,407,'create_customer','woo-0f59463c60-mail-74952f0355fb1b4b2158',1,'2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00+00:00','made','5000007',NULL);
INSERT INTO "writes" VALUES(8,408,'create_customer','woo-0f59463c60-mail-b9347af56c9742e68644',1,'2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00+00:00','made','5000008',NULL);
INSERT INTO "writes" VALUES(9,401,'create_sales_order','shop_401',1,'2026-11-23T18:00:00.954000+00:00','2026-11-23T18:00:00.954000+00:00','2026-11-23T18:00:00+00:00','made','1d874e6e-df35-5886-8796-9eaa9d0742cf',NULL);
INSERT INTO "writes" VALUES(10,402,'create_sales_order','shop_402',1,'2026-11-23T18:00:01.060000+00:00','2026-11-23T18:00:01.060000+00:00','2026-11-23T18:00:01+00:00','made','5105f114-b336-5ae1-be6a-598fab0cc5cb',NULL);
INSERT INTO "writes" VALUES(11,403,'create_sales_order','shop_403',1,'2026-11-23T18:00:01.166000+00:00','2026-11-23T18:00:01.166000+00:00','2026-11-23T18:00:01+00:00','made','04da80d1-12b6-58df-a11f-a190234f5ab8',NULL);
INSERT INTO "writes" VALUES(12,404,'create_sales_order','shop_404',1,'2026-11-23T18:00:01.272000+00:00','2026-11-23T18:00:01.272000+00:00','2026-11-23T18:00:01+00:00','made','d64a3e19-d49c-5433-aa74-cbe47feb1fd9',NULL);
INSERT INTO "writes" VALUES(13,405,'create_sales_order','shop_405',1,'2026-11-23T18:00:01.378000+00:00','2026-11-23T18:00:01.378000+00:00','2026-11-23T18:00:01+00:00','made','7d8ce67c-a1f2-51a8-a301-570380cd0230',NULL);
INSERT INTO "writes" VALUES(14,406,'create_sales_order','shop_406',1,'2026-11-23T18:00:01.484000+00:00','2026-11-23T18:00:01.484000+00:00','2026-11-23T18:00:01+00:00','made','47089360-2351-5123-a129-161bd1515a8e',NULL);
INSERT INTO "writes" VALUES(15,407,'create_sales_order','shop_407',1,'2026-11-23T18:00:01.590000+00:00','2026-11-23T18:00:01.590000+00:00','2026-11-23T18:00:01+00:00','made','87605403-46d3-528e-990d-531253a0df5c',NULL);
INSERT INTO "writes" VALUES(16,408,'create_sales_order','shop_408',1,'2026-11-23T18:00:01.696000+00:00','2026-11-23T18:00:01.696000+00:00','2026-11-23T18:00:01+00:00','made','c70fbb72-461b-5109-9003-f924d61d5e5b',NULL);
INSERT INTO "writes" VALUES(17,409,'create_customer','woo-0f59463c60-mail-a40407d2800c784a81e6',1,'2026-11-23T18:00:01.802000+00:00','2026-11-23T18:00:01.802000+00:00','2026-11-23T18:00:01+00:00','made','5000009',NULL);
INSERT INTO "writes" VALUES(18,409,'create_sales_order','shop_409',1,'2026-11-23T18:00:02.650000+00:00','2026-11-23T18:00:02.650000+00:00','2026-11-23T18:00:02+00:00','made','a548c111-7508-5558-a095-e59b46aa7031',NULL);
INSERT INTO "writes" VALUES(19,406,'delete_draft','shop_406',1,'2026-11-23T19:11:44.452000+00:00','2026-11-23T19:11:44.452000+00:00','2026-11-23T19:11:44+00:00','made','',NULL);
INSERT INTO "writes" VALUES(20,-40501,'create_sales_order','shop_405-c',1,'2026-11-23T19:11:44.664000+00:00','2026-11-23T19:11:44.664000+00:00','2026-11-23T19:11:44+00:00','made','d77cd4c6-285a-5538-8742-1730359993d3',NULL);
INSERT INTO "writes" VALUES(21,410,'create_sales_order','shop_404-r410',1,'2026-11-23T19:11:44.876000+00:00','2026-11-23T19:11:44.876000+00:00','2026-11-23T19:11:44+00:00','made','318fd721-c6c6-50be-84b9-04590afe5f46',NULL);
INSERT INTO "writes" VALUES(22,0,'create_voucher','d2e3e697-aa9a-58c9-a1fa-02cd4f022247',1,'2026-11-23T19:06:43.816000+00:00','2026-11-23T19:06:43.816000+00:00',NULL,'made','3d00ac64-98fe-5921-aa84-9a7ce80a2dca',NULL);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX "idx_writes_order_id"
    ON "writes" ("order_id");
CREATE INDEX "idx_writes_outcome"
    ON "writes" ("outcome");
CREATE INDEX "idx_documents_found_reference"
    ON "documents_found" ("reference");
CREATE INDEX "idx_documents_found_matching_reference"
    ON "documents_found" ("matching_reference");
CREATE INDEX "idx_orders_number"
    ON "orders" ("number");
CREATE UNIQUE INDEX "idx_orders_reference"
    ON "orders" ("reference");
CREATE INDEX "idx_credit_notes_order_id"
    ON "credit_notes" ("order_id");
CREATE UNIQUE INDEX "idx_credit_notes_reference"
    ON "credit_notes" ("reference");
CREATE INDEX idx_orders_unfinished ON orders (order_id) WHERE (todo = 1 OR hold_code > '' OR waits > '' OR (payment = 'due' AND invoice_no IS NOT NULL));
CREATE INDEX idx_credit_notes_unfinished ON credit_notes (id) WHERE (todo = 1 OR hold_code > '' OR waits > '' OR (payment = 'due' AND invoice_no IS NOT NULL));
CREATE INDEX "idx_payouts_provider_day"
    ON "payouts" ("provider", "day");
COMMIT;
