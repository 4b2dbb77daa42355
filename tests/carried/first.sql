PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'woo2po','m001_orders_and_writes','2026-11-29 00:21:12.786145+00:00');
CREATE TABLE "catalogue" (
   "part" TEXT PRIMARY KEY,
   "read_at" TEXT NOT NULL,
   "body" TEXT NOT NULL
) STRICT;
CREATE TABLE "customers" (
   "reference" TEXT PRIMARY KEY,
   "customer_id" INTEGER NOT NULL,
   "subledger_account_id" INTEGER,
   "has_addresses" INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-9273996a89611d87b38f',5000001,4000001,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-064f084aa1d4f12db56f',5000002,4000002,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-085bf0f55dcb38d03ef7',5000003,4000003,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-9a953ecb3bf986dcd18d',5000004,4000004,0);
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
INSERT INTO "meta" VALUES('cursor','2026-11-23T18:00:00+00:00');
INSERT INTO "meta" VALUES('statuses','{"asked": "2026-11-23T18:00:00+00:00", "names": ["trash", "pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed"]}');
INSERT INTO "meta" VALUES('polled','2026-11-23T18:00:00+00:00');
INSERT INTO "meta" VALUES('long_look','2026-11-23');
INSERT INTO "meta" VALUES('shop_route_style','pretty');
INSERT INTO "meta" VALUES('shop_keys_in_query','no');
INSERT INTO "meta" VALUES('company','7b3f0c1e-5d1a-4c68-9b52-3f2f6d3a1c11');
INSERT INTO "meta" VALUES('looked','2026-11-23T19:00:05+00:00');
INSERT INTO "meta" VALUES('looked_at_all','2026-11-23T18:00:00+00:00');
INSERT INTO "meta" VALUES('clock_ahead','0');
INSERT INTO "meta" VALUES('looked_at_waiting','2026-11-23T19:00:02.438000+00:00');
INSERT INTO "meta" VALUES('looked_for_invoices','2026-11-23T19:00:02+00:00');
CREATE TABLE "orders" (
   "order_id" INTEGER PRIMARY KEY,
   "number" TEXT NOT NULL,
   "created" TEXT,
   "shop_status" TEXT,
   "reference" TEXT NOT NULL,
   "matching_reference" TEXT NOT NULL,
   "seen_hash" TEXT NOT NULL,
   "settled_hash" TEXT DEFAULT '',
   "todo" INTEGER NOT NULL DEFAULT 1,
   "hold_code" TEXT,
   "hold_facts" TEXT,
   "held_at" TEXT,
   "held_settings" TEXT,
   "skip_code" TEXT,
   "skip_facts" TEXT,
   "cancelled" INTEGER DEFAULT 0,
   "customer_id" INTEGER,
   "delivery_address_id" INTEGER,
   "sales_order_id" TEXT DEFAULT '',
   "sales_order_no" INTEGER,
   "invoice_no" INTEGER,
   "total_ore" INTEGER,
   "currency" TEXT DEFAULT '',
   "wanted_digest" TEXT DEFAULT '',
   "left_digest" TEXT DEFAULT '',
   "notes" TEXT DEFAULT '[]'
) STRICT;
INSERT INTO "orders" VALUES(501,'501','2026-10-05T08:00:00+00:00','processing','shop_501','woo-0f59463c60-501','59eb3f5fd2d5b90df0760a9b20964f01a853508010e7a16802bd924722860113','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000001,NULL,'1d874e6e-df35-5886-8796-9eaa9d0742cf',1,NULL,179700,'NOK','8cde7b12722dd59c3890e6accae6ef58a4817a3098198ded4ebc69de16b31fab.dc74178efa4f4405814b48687afb1bf3b09cdbe502f96a82c7186382a99ddc49','93baa0b07e5a836370d20e96ac335e09befae4010d4e0da958fcd8bed2536372','[]');
INSERT INTO "orders" VALUES(502,'502','2026-10-05T08:00:00+00:00','processing','shop_502','woo-0f59463c60-502','65322f17717b6e156c93b274506996d72faccac6f2806b2252c401024ea60c19','',1,NULL,NULL,NULL,NULL,NULL,NULL,0,5000002,NULL,'d3524c1e-7cd6-5bd4-9282-bce22d05b933',2,NULL,179700,'NOK','5d352c4cfea41fca1d04cb2f858352abaf2fbc256097f4942bdd1eeff71881a5.f35480476616b51450062b294d7290e7cea364638bf00b4a2c2e727198983688','','[]');
INSERT INTO "orders" VALUES(503,'503','2026-10-05T08:00:00+00:00','cancelled','shop_503','woo-0f59463c60-503','e4ef88b3ec9cb6fe77e03a2f5038f1903a0d612834ebaf752a56015549be1ffb','',1,NULL,NULL,NULL,NULL,NULL,NULL,0,5000003,NULL,'63a86fcb-4be8-5c3b-a733-9b5d1aa9978f',3,NULL,179700,'NOK','bc6718b169f1d2782fdd262a4b13e63daa4507cdadbec83ec43fbef865c7222e.53888e7d168cf5e229134c98b8181c5a8ce27c3f68d64fae3047da224ad7fd35','6e865883ec545e5dacc6bf1f9b3f2e61c8d1c0eee9e25007681c8278afc66849','[]');
INSERT INTO "orders" VALUES(504,'504','2026-10-05T08:00:00+00:00','processing','shop_504','woo-0f59463c60-504','8153d479f6351a521930b756c303bee225c1e411ce6a31ab25cdfdd153803377','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000004,NULL,'7d8ce67c-a1f2-51a8-a301-570380cd0230',4,NULL,179700,'NOK','e9762304c03fb3b57d1ee1e1d435d4ea12150f5dfd04f85c45866f5663152d59.0c1c3fa8e9f8a2146db8cbe417aebcc3e310513365cbd24916519bb4a8c929bd','b9f801f400bb65ba06288bfd7f20999b15d0ae2efbb0156b42cd3c9e300f8dfb','[]');
INSERT INTO "orders" VALUES(505,'505','2026-10-05T08:00:00+00:00','processing','shop_505','woo-0f59463c60-505','fbe09746269e27a613cbee6eacf6e29bcdcbe6d827e073536dd820b35c54a848','',0,'total_below_lines','{"lines": "498.00", "total": "400.00", "difference": "98.00"}','2026-11-23T18:00:00.848000+00:00','a9646a8f2dbe9f21',NULL,NULL,0,NULL,NULL,'',NULL,NULL,40000,'NOK','','','[]');
INSERT INTO "orders" VALUES(506,'506','2026-10-05T08:00:00+00:00','processing','shop_506','woo-0f59463c60-506','6d3bb621e9e7cb996de62d308507241b5fb05802ccfb8e207d067f63c1bd04ab','',0,NULL,NULL,NULL,NULL,'test_order','{"key": "_wcpay_mode"}',0,NULL,NULL,'',NULL,NULL,49800,'NOK','','','[]');
INSERT INTO "orders" VALUES(507,'507','2026-10-05T08:00:00+00:00','processing','shop_507','woo-0f59463c60-507','8371d13d5ce097c92f7b765a2a267f47c08364ed166cb454b3a9278eaa2a05de','',1,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,'',NULL,NULL,26640,'NOK','','','[]');
INSERT INTO "orders" VALUES(508,'508','2026-10-05T08:00:00+00:00','processing','shop_508','woo-0f59463c60-508','a8c66af9894655a7b5e60fbe35d4fb2c17935619cc19813452e81632c5f64afa','',1,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,'',NULL,NULL,26640,'NOK','','','[]');
CREATE TABLE "runs" (
   "id" INTEGER PRIMARY KEY,
   "started" TEXT NOT NULL,
   "ended" TEXT,
   "exit_code" INTEGER,
   "counts" TEXT DEFAULT '{}'
) STRICT;
INSERT INTO "runs" VALUES(1,'2026-11-23T18:00:00+00:00','2026-11-23T18:00:01.696000+00:00',1,'{"made": 4, "held": 1, "skipped": 1}');
INSERT INTO "runs" VALUES(2,'2026-11-23T19:00:01.696000+00:00',NULL,NULL,'{}');
INSERT INTO "runs" VALUES(3,'2026-11-23T19:00:02.756000+00:00',NULL,NULL,'{}');
INSERT INTO "runs" VALUES(4,'2026-11-23T19:00:04.180000+00:00',NULL,NULL,'{}');
INSERT INTO "runs" VALUES(5,'2026-11-23T19:00:04.710000+00:00',NULL,NULL,'{}');
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
) STRICT;
INSERT INTO "writes" VALUES(1,501,'create_customer','woo-0f59463c60-mail-9273996a89611d87b38f',1,'2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00+00:00','made','5000001');
INSERT INTO "writes" VALUES(2,502,'create_customer','woo-0f59463c60-mail-064f084aa1d4f12db56f',1,'2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00+00:00','made','5000002');
INSERT INTO "writes" VALUES(3,503,'create_customer','woo-0f59463c60-mail-085bf0f55dcb38d03ef7',1,'2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00+00:00','made','5000003');
INSERT INTO "writes" VALUES(4,504,'create_customer','woo-0f59463c60-mail-9a953ecb3bf986dcd18d',1,'2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00+00:00','made','5000004');
INSERT INTO "writes" VALUES(5,501,'create_sales_order','shop_501',1,'2026-11-23T18:00:00.954000+00:00','2026-11-23T18:00:00.954000+00:00','2026-11-23T18:00:00+00:00','made','1d874e6e-df35-5886-8796-9eaa9d0742cf');
INSERT INTO "writes" VALUES(6,502,'create_sales_order','shop_502',1,'2026-11-23T18:00:01.060000+00:00','2026-11-23T18:00:01.060000+00:00','2026-11-23T18:00:01+00:00','made','d3524c1e-7cd6-5bd4-9282-bce22d05b933');
INSERT INTO "writes" VALUES(7,503,'create_sales_order','shop_503',1,'2026-11-23T18:00:01.166000+00:00','2026-11-23T18:00:01.166000+00:00','2026-11-23T18:00:01+00:00','made','63a86fcb-4be8-5c3b-a733-9b5d1aa9978f');
INSERT INTO "writes" VALUES(8,504,'create_sales_order','shop_504',1,'2026-11-23T18:00:01.272000+00:00','2026-11-23T18:00:01.272000+00:00','2026-11-23T18:00:01+00:00','made','7d8ce67c-a1f2-51a8-a301-570380cd0230');
INSERT INTO "writes" VALUES(9,507,'create_customer','woo-0f59463c60-mail-3357ec4ac2a4d4033cf2',1,'2026-11-23T19:00:02.650000+00:00','2026-11-23T19:00:02.650000+00:00','2026-11-23T19:00:02+00:00','open','');
INSERT INTO "writes" VALUES(10,508,'create_sales_order','shop_508',1,'2026-11-23T19:00:04.074000+00:00','2026-11-23T19:00:04.074000+00:00','2026-11-23T19:00:04+00:00','open','');
INSERT INTO "writes" VALUES(11,502,'change_line','1',1,'2026-11-23T19:00:04.604000+00:00','2026-11-23T19:00:04.604000+00:00','2026-11-23T19:00:04+00:00','open','');
INSERT INTO "writes" VALUES(12,503,'delete_draft','shop_503',1,'2026-11-23T19:00:06.134000+00:00','2026-11-23T19:00:06.134000+00:00','2026-11-23T19:00:06+00:00','open','');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE UNIQUE INDEX "idx_orders_reference"
    ON "orders" ("reference");
CREATE INDEX "idx_orders_number"
    ON "orders" ("number");
CREATE INDEX "idx_orders_todo"
    ON "orders" ("todo");
CREATE INDEX "idx_writes_order_id"
    ON "writes" ("order_id");
CREATE INDEX "idx_writes_outcome"
    ON "writes" ("outcome");
CREATE INDEX "idx_documents_found_reference"
    ON "documents_found" ("reference");
CREATE INDEX "idx_documents_found_matching_reference"
    ON "documents_found" ("matching_reference");
COMMIT;
