PRAGMA user_version = 2;
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'woo2po','m001_orders_and_writes','2026-11-29 00:21:12.246573+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'woo2po','m002_what_follows_an_order','2026-11-29 00:21:12.247552+00:00');
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
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-ee220577bd2a71e9cc1f',5000001,4000001,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-23d07dd3d37f76dcba7c',5000004,4000004,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-588504ab6136f3ab8f59',5000002,4000002,0);
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
INSERT INTO "documents_found" VALUES('1d874e6e-df35-5886-8796-9eaa9d0742cf','shop_601','woo-0f59463c60-601',1,NULL,179700);
INSERT INTO "documents_found" VALUES('a5b5d613-7fc0-5a8c-89e1-085ccfed1680','shop_606','woo-0f59463c60-606',6,NULL,179700);
INSERT INTO "documents_found" VALUES('a492615f-6769-5ce5-85ed-c722af4529ce','shop_604-2','woo-0f59463c60-604-2',7,NULL,179700);
INSERT INTO "documents_found" VALUES('d3524c1e-7cd6-5bd4-9282-bce22d05b933','shop_602','woo-0f59463c60-602',2,10001,179700);
INSERT INTO "documents_found" VALUES('63a86fcb-4be8-5c3b-a733-9b5d1aa9978f','shop_603','woo-0f59463c60-603',3,10002,179700);
INSERT INTO "documents_found" VALUES('4ffa638e-16c5-50a9-be74-17b3913654af','shop_603-r607','woo-0f59463c60-603-r607',8,10003,-129900);
CREATE TABLE "meta" (
   "key" TEXT PRIMARY KEY,
   "value" TEXT
) STRICT;
INSERT INTO "meta" VALUES('shop','shop.example');
INSERT INTO "meta" VALUES('environment','demo');
INSERT INTO "meta" VALUES('selection','1d1d8922d0847221');
INSERT INTO "meta" VALUES('cursor','2026-11-23T19:10:05+00:00');
INSERT INTO "meta" VALUES('statuses','{"asked": "2026-11-23T19:10:05.912000+00:00", "names": ["trash", "pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed"]}');
INSERT INTO "meta" VALUES('polled','2026-11-23T19:10:05.912000+00:00');
INSERT INTO "meta" VALUES('long_look','2026-11-23');
INSERT INTO "meta" VALUES('shop_route_style','pretty');
INSERT INTO "meta" VALUES('shop_keys_in_query','no');
INSERT INTO "meta" VALUES('company','7b3f0c1e-5d1a-4c68-9b52-3f2f6d3a1c11');
INSERT INTO "meta" VALUES('looked','2026-11-23T19:10:05+00:00');
INSERT INTO "meta" VALUES('looked_at_all','2026-11-23T19:10:05+00:00');
INSERT INTO "meta" VALUES('clock_ahead','1');
INSERT INTO "meta" VALUES('looked_at_waiting','2026-11-23T19:10:09.663000+00:00');
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
, "parent_id" INTEGER, "generation" INTEGER, "waits" TEXT, "payment" TEXT, "payment_body" TEXT, "invoice_equal" INTEGER) STRICT;
INSERT INTO "orders" VALUES(601,'601','2026-10-05T08:00:00+00:00','processing','shop_601','woo-0f59463c60-601','5731e4d15a87ddd14a0da75ac19f93c563bd4a3fc319535850e7a1199517955d','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000001,NULL,'1d874e6e-df35-5886-8796-9eaa9d0742cf',1,NULL,179700,'NOK','fec1205bad732c748067b947ca0082fb181d284e103f4ccab0b0527e340589df.f5f52b0db11e3dbe3bbfc13adf2305a2ae273baba81d79fe494fe364588e24e9','727a14a3bfa56a041312a2eef6da4dc5b534b7fa9e3e7a2772b4cbe1af31d9aa','[]',NULL,NULL,'person','due','bank 3000005 1903 2026-10-05 1797.00 NOK',NULL);
INSERT INTO "orders" VALUES(602,'602','2026-10-05T08:00:00+00:00','completed','shop_602','woo-0f59463c60-602','ecd6274c309d093671f49efb4ef933e39f43d8b6647ecef9452c4a2db72adc71','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000002,NULL,'d3524c1e-7cd6-5bd4-9282-bce22d05b933',2,10001,179700,'NOK','e9ef1571ee5f3c5f9d8ce774cbb34798a28065e4d35456efb752c0d5bcd8f948.15bbc39320ee3f95602d384411feca3077007bed68ea32bce914473003d75aae','','[]',NULL,NULL,'','made','bank 3000005 1903 2026-10-05 1797.00 NOK',1);
INSERT INTO "orders" VALUES(603,'603','2026-10-05T08:00:00+00:00','completed','shop_603','woo-0f59463c60-603','daf0a77a18a860aeb0f96e3cf342dec03ea575e55c36d26c651c0ca068cd8bed','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000003,NULL,'63a86fcb-4be8-5c3b-a733-9b5d1aa9978f',3,10002,179700,'NOK','dafe34b5f55337ce334d1afcbfad8b4eefd2998a64a093033aeab6cc247d27f6.e9ee47ba047872c99e03140ead9d16ca13e04c86d851bcd7a1b087a753bfc6c6','','[]',NULL,NULL,'','made','bank 3000005 1903 2026-10-05 1797.00 NOK',1);
INSERT INTO "orders" VALUES(604,'604','2026-10-05T08:00:00+00:00','processing','shop_604-2','woo-0f59463c60-604-2','0d031c12ab55795b349554b2d15aae40157d71bd47c3ae1f65b6b306a1f12440','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000004,NULL,'a492615f-6769-5ce5-85ed-c722af4529ce',7,NULL,179700,'NOK','8432acc2bf7d24a196d1ac222705bb764d914c79327ed55963d88084d41e1d13.d9195b080e3f60b46aef2219cc045ac9c89c8f6e284f70feae3206654e4a2c4e','6a13596d754481685517273a6865f97b0ead1584af494c4eb619330cccb72854','[]',NULL,2,'person','due','bank 3000005 1903 2026-10-05 1797.00 NOK',0);
INSERT INTO "orders" VALUES(606,'606','2026-10-05T08:00:00+00:00','processing','shop_606','woo-0f59463c60-606','307e473963e11236477a13a79228c021119968ee9c555a31b0de90e161ebd3f8','',1,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,'',NULL,NULL,179700,'NOK','','','[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "orders" VALUES(607,'603','2026-10-05T08:00:00+00:00',NULL,'shop_603-r607','woo-0f59463c60-603-r607','','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000003,NULL,'4ffa638e-16c5-50a9-be74-17b3913654af',8,10003,-129900,'NOK','b736e504f334eb9622704a6559320fae6cc289a39d61c37c46da4049d734c0b0','','[]',603,NULL,'','made','bank 3000005 1903 2026-11-23 -1299.00 NOK',1);
INSERT INTO "orders" VALUES(608,'608','2026-10-05T08:00:00+00:00','processing','shop_608','woo-0f59463c60-608','273faaee97e03059b57fe58b20218301be195e5068e74f82f8d18630e24e8fb5','',1,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,'',NULL,NULL,49800,'NOK','','','[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "orders" VALUES(609,'609','2026-10-05T08:00:00+00:00','processing','shop_609','woo-0f59463c60-609','631b8f6791b865a204d8b0b43bc0200bcb58ccd848622a01fb023c2bd2d7fafb','',1,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,'',NULL,NULL,49800,'NOK','','','[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "orders" VALUES(610,'602','2026-10-05T08:00:00+00:00',NULL,'shop_602-r610','woo-0f59463c60-602-r610','','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000002,NULL,'60129c9a-680d-5873-b9dc-e7d4138452e5',9,10004,-24900,'NOK','9df8b4b8939af9f7631b8a81db9eb437bf63a856e64cb2b8e9acaf0953a441f6','e6fc5eda26c5ef01081130f3b09aa88c7cb3253065b37ee3c8bccba7d5d1531a','[]',602,NULL,'','in_voucher','bank 3000005 1903 2026-11-23 -249.00 NOK',1);
CREATE TABLE "runs" (
   "id" INTEGER PRIMARY KEY,
   "started" TEXT NOT NULL,
   "ended" TEXT,
   "exit_code" INTEGER,
   "counts" TEXT DEFAULT '{}'
) STRICT;
INSERT INTO "runs" VALUES(1,'2026-11-23T19:10:05.912000+00:00','2026-11-23T19:10:09.663000+00:00',0,'{"made": 2, "sending": 1, "credited": 1, "left": 3}');
CREATE TABLE "vouchers" (
   "reference" TEXT PRIMARY KEY,
   "kind" TEXT NOT NULL,
   "day" TEXT NOT NULL,
   "currency" TEXT NOT NULL,
   "orders" TEXT NOT NULL,
   "body" TEXT NOT NULL,
   "outcome" TEXT NOT NULL,
   "attempts" INTEGER NOT NULL,
   "last_attempt" TEXT,
   "remote_id" TEXT,
   "number" INTEGER
) STRICT;
INSERT INTO "vouchers" VALUES('17d019c5-1866-57df-82b1-624b9980e7b0','bank','2026-11-23','NOK','[610]','{"description": "shop_ 2026-11-23", "lines": [[3000005, 41, "-249.00", "shop_602-r610", "", null, null], [4000002, 41, "249.00", "shop_602-r610", "woo-0f59463c60-602-r610", 10004, null]]}','open',1,'2026-11-23T19:10:09.557000+00:00',NULL,NULL);
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
INSERT INTO "writes" VALUES(1,610,'create_sales_order','shop_602-r610',1,'2026-11-23T19:10:07.926000+00:00','2026-11-23T19:10:07.926000+00:00','2026-11-23T19:10:07+00:00','made','60129c9a-680d-5873-b9dc-e7d4138452e5',NULL);
INSERT INTO "writes" VALUES(2,610,'send_invoice','shop_602-r610',1,'2026-11-23T19:10:08.138000+00:00','2026-11-23T19:10:08.138000+00:00','2026-11-23T19:10:08+00:00','made','60129c9a-680d-5873-b9dc-e7d4138452e5',NULL);
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
CREATE INDEX "idx_orders_parent_id"
    ON "orders" ("parent_id");
CREATE INDEX "idx_orders_payment"
    ON "orders" ("payment");
CREATE INDEX "idx_orders_waits"
    ON "orders" ("waits");
CREATE INDEX "idx_vouchers_outcome"
    ON "vouchers" ("outcome");
COMMIT;
