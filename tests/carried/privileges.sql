PRAGMA user_version = 2;
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'woo2po','m001_orders_and_writes','2026-11-29 00:21:08.270930+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'woo2po','m002_what_follows_an_order','2026-11-29 00:21:08.272114+00:00');
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
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-dbe38d810c60fad0da4c',5000001,4000001,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-16595d365c4ff0a2ac83',5000002,4000002,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-88ba48f92da2064acb38',5000003,4000003,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-f6eb266348474a8ed633',5000004,4000004,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-2244e01e59c9aa0f0207',5000005,4000005,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-1e65213f267acf884bdc',5000006,4000006,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-2fe8f6ea991d2ae4be33',5000007,4000007,0);
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
INSERT INTO "meta" VALUES('cursor','2026-11-23T18:15:05+00:00');
INSERT INTO "meta" VALUES('statuses','{"asked": "2026-11-23T18:00:00+00:00", "names": ["trash", "pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed"]}');
INSERT INTO "meta" VALUES('polled','2026-11-23T18:15:05.912000+00:00');
INSERT INTO "meta" VALUES('long_look','2026-11-23');
INSERT INTO "meta" VALUES('shop_route_style','pretty');
INSERT INTO "meta" VALUES('shop_keys_in_query','no');
INSERT INTO "meta" VALUES('company','7b3f0c1e-5d1a-4c68-9b52-3f2f6d3a1c11');
INSERT INTO "meta" VALUES('looked','2026-11-23T18:15:05+00:00');
INSERT INTO "meta" VALUES('looked_at_all','2026-11-23T18:00:00+00:00');
INSERT INTO "meta" VALUES('clock_ahead','0');
INSERT INTO "meta" VALUES('looked_at_waiting','2026-11-23T18:00:02.332000+00:00');
INSERT INTO "meta" VALUES('vouchers_posted','yes');
INSERT INTO "meta" VALUES('lacking','{"may_not_post_vouchers": {"role": "CashVoucher_Full", "what": "POST /Demo/v2/Vouchers/CashJournals"}, "may_not_send": {}}');
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
INSERT INTO "orders" VALUES(-30301,'303','2026-10-05T08:00:00+00:00',NULL,'shop_303-c','woo-0f59463c60-303-c','','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000003,NULL,'d77cd4c6-285a-5538-8742-1730359993d3',8,NULL,-179700,'NOK','4ea47277bcf5607de2df306dbc550c04a4beb369659e6709150bf6e10029d0c4','b029ee69cb9bfe780b2717d5068eca055ae4f55673c90b3002ddeed3dfebc34f','[]',303,NULL,'send_privilege',NULL,NULL,NULL);
INSERT INTO "orders" VALUES(301,'301','2026-10-05T08:00:00+00:00','completed','shop_301','woo-0f59463c60-301','55b2075337e6a6ec46d0ab8e15e950c11204f5364d43aa7a3028f7105e014238','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000001,NULL,'1d874e6e-df35-5886-8796-9eaa9d0742cf',1,10001,179700,'NOK','ae8472e467a04bc4329ff601819b1af647208f41f0ec384f370a739751426bf6.ca5ff2a2b26059a85eb82c234a167ef6b3e4a27f76916e15a14442cd71b13ee7','5b76e2a1fda5b7c48aa4ccabb6687f68d313c55116723ceee2e1ac59b6d61862','[]',NULL,NULL,'','made','bank 3000005 1903 2026-10-05 1797.00 NOK',1);
INSERT INTO "orders" VALUES(302,'302','2026-10-05T08:00:00+00:00','completed','shop_302','woo-0f59463c60-302','e25841a405b0e4d10b03c7aa87c39c550114c77dc11b1d6e426a44bdfbb52777','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000002,NULL,'d3524c1e-7cd6-5bd4-9282-bce22d05b933',2,10002,179700,'NOK','0f3381aeb34f6f7bd7de6f2979f386500edc45d98faea8451c57882da6854507.364f75eb8d29029d1d39f380c574248b0d2e3631c0dbbee3ea9e78ab5c0332a0','cd84b14f373c0ed4b4fc3c26502773e828674e8d307b5cbc522de913168568ac','[]',NULL,NULL,'','made','bank 3000005 1903 2026-10-05 1797.00 NOK',1);
INSERT INTO "orders" VALUES(303,'303','2026-10-05T08:00:00+00:00','cancelled','shop_303','woo-0f59463c60-303','c7686a86589769008c41faa5ffca599275339ef83651bfb389279f146973398e','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000003,NULL,'63a86fcb-4be8-5c3b-a733-9b5d1aa9978f',3,10003,179700,'NOK','90e0a6ebde9f0348c6ad10179d6a6047f93bab81b8d9b011fcec7b8ad2361827.ec299d03920a4cbf7ff5f6b8b4ce52e2651ddf8e30b576237ec8cff7dae0d70c','192f1b91901d4b658e00cf46320db71dfe21993ec878fe933651f50465fccaca','[]',NULL,NULL,'','made','bank 3000005 1903 2026-10-05 1797.00 NOK',1);
INSERT INTO "orders" VALUES(304,'304','2026-10-05T08:00:00+00:00','refunded','shop_304','woo-0f59463c60-304','b27f5f88790914a364f3fc6484bb9214ce53230e65afedcdee95101fd6a1a9dc','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000004,NULL,'7d8ce67c-a1f2-51a8-a301-570380cd0230',4,10004,179700,'NOK','47d93e73175db363d517642e9e1c4d928fcded0f54b1522da580215cd2ad626d.fc5f993de46545af04fd0fd0a6d42f85993800e896f41f993a127db76429a979','3577ff518eff2ebe48f92b847dfed4a1bd51c5d721e071dd3986f4141c4ae364','[]',NULL,NULL,'','made','bank 3000005 1903 2026-10-05 1797.00 NOK',1);
INSERT INTO "orders" VALUES(305,'305','2026-10-05T08:00:00+00:00','completed','shop_305','woo-0f59463c60-305','7a4bb71e0dfb9c2b3740727a198c543abde3328f5b762a2a59b2f400008114e2','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000005,NULL,'e832868c-5315-5ca9-8f80-4adb4276a607',5,10005,179700,'NOK','04bd3680b6504d38f046728e703bf876767158bcb3f7270e47839dfe4630eb22.1eb45fc2ecbb8a12b4f721599fe933c8ccf209460e8f2b3e9c19bc54cde04a4a','c466aebd182be6266c3a45b162095ff051185499733eb9a508b7b4c5616d4d75','[]',NULL,NULL,'voucher_privilege','due','bank 3000005 1903 2026-10-05 1797.00 NOK',1);
INSERT INTO "orders" VALUES(306,'306','2026-10-05T08:00:00+00:00','completed','shop_306','woo-0f59463c60-306','d03976f90a35d40e40c9202687c40c8b50d859ca1a12ac4680a1695602304791','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000006,NULL,'a5b5d613-7fc0-5a8c-89e1-085ccfed1680',6,NULL,179700,'NOK','3b8754e36d80ac643f40c8fa3fef33ac8349afe1ed74d5ce51eb8ac081aa8db3.511bc8972e2aaa9282b2dc994261b5c9631d8e2e400f7b81a8bcce655c5a674b','09a5237adaf2b4f4673b79c82e1153b5930920d9aef3df9f7d89e3b8ead17fb2','[]',NULL,NULL,'send_privilege','due','bank 3000005 1903 2026-10-05 1797.00 NOK',NULL);
INSERT INTO "orders" VALUES(307,'307','2026-10-05T08:00:00+00:00','completed','shop_307','woo-0f59463c60-307','7158245dcb6c4fa45c77b39ade5b350e6c8a2410ea641946f9432d7f6d3dab55','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000007,NULL,'a548c111-7508-5558-a095-e59b46aa7031',7,10006,64000,'NOK','a9f05706fcb82cde708b43d0d1cae61ebfa5957feaf58eb20ca64926120c3781.2c4dc2b4da2f7858cc87e2463c297618652610f92e7244878e5e926e12f6f9fb','005f2f293ebdced3359b1b3292e69ee0490bd3ac3827493001f2a8d8b884d4c8','[]',NULL,NULL,'voucher_privilege','due','cash 3000003 1900 2026-11-23 640.00 NOK',1);
INSERT INTO "orders" VALUES(308,'301','2026-10-05T08:00:00+00:00',NULL,'shop_301-r308','woo-0f59463c60-301-r308','','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000001,NULL,'318fd721-c6c6-50be-84b9-04590afe5f46',9,NULL,-129900,'NOK','e3c74902a1415e43b847ed0c86746dc3c7f01a425798ca79fb1cf8dbd62f3c0a','f74dbaf372457a4278b91dedc4b0cbe08bcf1c7f9eb9d6bffde12cd21d5edc92','[]',301,NULL,'send_privilege','due','bank 3000005 1903 2026-11-23 -1299.00 NOK',NULL);
INSERT INTO "orders" VALUES(309,'302','2026-10-05T08:00:00+00:00',NULL,'shop_302-r309','woo-0f59463c60-302-r309','','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000002,NULL,'612fc7a0-f2d1-5d2c-88c6-550de3161911',10,NULL,-24900,'NOK','4d0b56762ad833be70b287b63ae05f6dca5fbabcd8be076ad0c7fccad9d39330','3c3e8a1c0835e2bd1e5f5187860452d136ce33ddfd59ed23ee6ea241dbbe99d2','[]',302,NULL,'send_privilege','due','bank 3000005 1903 2026-11-23 -249.00 NOK',NULL);
INSERT INTO "orders" VALUES(310,'302','2026-10-05T08:00:00+00:00',NULL,'shop_302-r310','woo-0f59463c60-302-r310','','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000002,NULL,'da848dc6-d913-575f-a019-bc92e57f8dba',12,NULL,-24900,'NOK','7fdff9a790b8671ffc083af1c40473e240f0b740a3764cca0a9f2f379d21aa2b','8abd12e61e9fc2d780b5a6e0aa9a6bb577be980de2f99a936f73e6eb590d0fba','[]',302,NULL,'send_privilege','due','bank 3000005 1903 2026-11-23 -249.00 NOK',NULL);
INSERT INTO "orders" VALUES(311,'304','2026-10-05T08:00:00+00:00',NULL,'shop_304-r311','woo-0f59463c60-304-r311','','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000004,NULL,'e188ac2f-2b32-50f7-b197-614964241bc3',11,NULL,-179700,'NOK','5f3e5a80617bd21cadf420e60bd72af76b3e1a156e7f90cede473f6260d626dd','df597e352b7ab049e7cae5c4105e682da0598485528ea45e7a1a7b4d1de9b838','[{"code": "returned_outside", "facts": {"refund": "311", "amount": "1797.00"}}]',304,NULL,'send_privilege',NULL,NULL,NULL);
CREATE TABLE "runs" (
   "id" INTEGER PRIMARY KEY,
   "started" TEXT NOT NULL,
   "ended" TEXT,
   "exit_code" INTEGER,
   "counts" TEXT DEFAULT '{}'
) STRICT;
INSERT INTO "runs" VALUES(1,'2026-11-23T18:00:00+00:00','2026-11-23T18:00:02.332000+00:00',0,'{"made": 7}');
INSERT INTO "runs" VALUES(2,'2026-11-23T18:05:02.332000+00:00','2026-11-23T18:05:04.069000+00:00',0,'{"sending": 4, "invoiced": 4, "paid": 4}');
INSERT INTO "runs" VALUES(3,'2026-11-23T18:10:04.069000+00:00','2026-11-23T18:10:05.912000+00:00',0,'{"changed": 1, "sending": 2, "invoiced": 2}');
INSERT INTO "runs" VALUES(4,'2026-11-23T18:15:05.912000+00:00','2026-11-23T18:15:08.244000+00:00',0,'{"unchanged": 4, "credited": 5}');
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
INSERT INTO "vouchers" VALUES('d2e3e697-aa9a-58c9-a1fa-02cd4f022247','bank','2026-10-05','NOK','[301, 302, 303, 304]','{"description": "shop_ 2026-10-05", "lines": [[3000005, 41, "1797.00", "shop_301", "", null, null], [4000001, 41, "-1797.00", "shop_301", "woo-0f59463c60-301", 10001, null], [3000005, 41, "1797.00", "shop_302", "", null, null], [4000002, 41, "-1797.00", "shop_302", "woo-0f59463c60-302", 10002, null], [3000005, 41, "1797.00", "shop_303", "", null, null], [4000003, 41, "-1797.00", "shop_303", "woo-0f59463c60-303", 10003, null], [3000005, 41, "1797.00", "shop_304", "", null, null], [4000004, 41, "-1797.00", "shop_304", "woo-0f59463c60-304", 10004, null]]}','made',1,'2026-11-23T18:05:03.963000+00:00','824690b1-8a49-56cc-aa29-b0fbfa521506',5);
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
INSERT INTO "writes" VALUES(1,301,'create_customer','woo-0f59463c60-mail-dbe38d810c60fad0da4c',1,'2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00+00:00','made','5000001',NULL);
INSERT INTO "writes" VALUES(2,302,'create_customer','woo-0f59463c60-mail-16595d365c4ff0a2ac83',1,'2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00+00:00','made','5000002',NULL);
INSERT INTO "writes" VALUES(3,303,'create_customer','woo-0f59463c60-mail-88ba48f92da2064acb38',1,'2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00+00:00','made','5000003',NULL);
INSERT INTO "writes" VALUES(4,304,'create_customer','woo-0f59463c60-mail-f6eb266348474a8ed633',1,'2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00+00:00','made','5000004',NULL);
INSERT INTO "writes" VALUES(5,305,'create_customer','woo-0f59463c60-mail-2244e01e59c9aa0f0207',1,'2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00+00:00','made','5000005',NULL);
INSERT INTO "writes" VALUES(6,306,'create_customer','woo-0f59463c60-mail-1e65213f267acf884bdc',1,'2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00+00:00','made','5000006',NULL);
INSERT INTO "writes" VALUES(7,307,'create_customer','woo-0f59463c60-mail-2fe8f6ea991d2ae4be33',1,'2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00+00:00','made','5000007',NULL);
INSERT INTO "writes" VALUES(8,301,'create_sales_order','shop_301',1,'2026-11-23T18:00:00.954000+00:00','2026-11-23T18:00:00.954000+00:00','2026-11-23T18:00:00+00:00','made','1d874e6e-df35-5886-8796-9eaa9d0742cf',NULL);
INSERT INTO "writes" VALUES(9,302,'create_sales_order','shop_302',1,'2026-11-23T18:00:01.060000+00:00','2026-11-23T18:00:01.060000+00:00','2026-11-23T18:00:01+00:00','made','d3524c1e-7cd6-5bd4-9282-bce22d05b933',NULL);
INSERT INTO "writes" VALUES(10,303,'create_sales_order','shop_303',1,'2026-11-23T18:00:01.166000+00:00','2026-11-23T18:00:01.166000+00:00','2026-11-23T18:00:01+00:00','made','63a86fcb-4be8-5c3b-a733-9b5d1aa9978f',NULL);
INSERT INTO "writes" VALUES(11,304,'create_sales_order','shop_304',1,'2026-11-23T18:00:01.272000+00:00','2026-11-23T18:00:01.272000+00:00','2026-11-23T18:00:01+00:00','made','7d8ce67c-a1f2-51a8-a301-570380cd0230',NULL);
INSERT INTO "writes" VALUES(12,305,'create_sales_order','shop_305',1,'2026-11-23T18:00:01.378000+00:00','2026-11-23T18:00:01.378000+00:00','2026-11-23T18:00:01+00:00','made','e832868c-5315-5ca9-8f80-4adb4276a607',NULL);
INSERT INTO "writes" VALUES(13,306,'create_sales_order','shop_306',1,'2026-11-23T18:00:01.484000+00:00','2026-11-23T18:00:01.484000+00:00','2026-11-23T18:00:01+00:00','made','a5b5d613-7fc0-5a8c-89e1-085ccfed1680',NULL);
INSERT INTO "writes" VALUES(14,307,'create_sales_order','shop_307',1,'2026-11-23T18:00:01.590000+00:00','2026-11-23T18:00:01.590000+00:00','2026-11-23T18:00:01+00:00','made','a548c111-7508-5558-a095-e59b46aa7031',NULL);
INSERT INTO "writes" VALUES(15,301,'send_invoice','shop_301',1,'2026-11-23T18:05:02.756000+00:00','2026-11-23T18:05:02.756000+00:00','2026-11-23T18:05:02+00:00','made','1d874e6e-df35-5886-8796-9eaa9d0742cf',NULL);
INSERT INTO "writes" VALUES(16,302,'send_invoice','shop_302',1,'2026-11-23T18:05:02.862000+00:00','2026-11-23T18:05:02.862000+00:00','2026-11-23T18:05:02+00:00','made','d3524c1e-7cd6-5bd4-9282-bce22d05b933',NULL);
INSERT INTO "writes" VALUES(17,303,'send_invoice','shop_303',1,'2026-11-23T18:05:02.968000+00:00','2026-11-23T18:05:02.968000+00:00','2026-11-23T18:05:02+00:00','made','63a86fcb-4be8-5c3b-a733-9b5d1aa9978f',NULL);
INSERT INTO "writes" VALUES(18,304,'send_invoice','shop_304',1,'2026-11-23T18:05:03.074000+00:00','2026-11-23T18:05:03.074000+00:00','2026-11-23T18:05:03+00:00','made','7d8ce67c-a1f2-51a8-a301-570380cd0230',NULL);
INSERT INTO "writes" VALUES(19,305,'send_invoice','shop_305',1,'2026-11-23T18:10:04.493000+00:00','2026-11-23T18:10:04.493000+00:00','2026-11-23T18:10:04+00:00','made','e832868c-5315-5ca9-8f80-4adb4276a607',NULL);
INSERT INTO "writes" VALUES(20,307,'add_line','paid',1,'2026-11-23T18:10:04.599000+00:00','2026-11-23T18:10:04.599000+00:00','2026-11-23T18:10:04+00:00','made','',NULL);
INSERT INTO "writes" VALUES(21,307,'send_invoice','shop_307',1,'2026-11-23T18:10:04.917000+00:00','2026-11-23T18:10:04.917000+00:00','2026-11-23T18:10:04+00:00','made','a548c111-7508-5558-a095-e59b46aa7031',NULL);
INSERT INTO "writes" VALUES(22,-30301,'create_sales_order','shop_303-c',1,'2026-11-23T18:15:06.760000+00:00','2026-11-23T18:15:06.760000+00:00','2026-11-23T18:15:06+00:00','made','d77cd4c6-285a-5538-8742-1730359993d3',NULL);
INSERT INTO "writes" VALUES(23,308,'create_sales_order','shop_301-r308',1,'2026-11-23T18:15:06.866000+00:00','2026-11-23T18:15:06.866000+00:00','2026-11-23T18:15:06+00:00','made','318fd721-c6c6-50be-84b9-04590afe5f46',NULL);
INSERT INTO "writes" VALUES(24,309,'create_sales_order','shop_302-r309',1,'2026-11-23T18:15:06.972000+00:00','2026-11-23T18:15:06.972000+00:00','2026-11-23T18:15:06+00:00','made','612fc7a0-f2d1-5d2c-88c6-550de3161911',NULL);
INSERT INTO "writes" VALUES(25,311,'create_sales_order','shop_304-r311',1,'2026-11-23T18:15:07.078000+00:00','2026-11-23T18:15:07.078000+00:00','2026-11-23T18:15:07+00:00','made','e188ac2f-2b32-50f7-b197-614964241bc3',NULL);
INSERT INTO "writes" VALUES(26,310,'create_sales_order','shop_302-r310',1,'2026-11-23T18:15:07.714000+00:00','2026-11-23T18:15:07.714000+00:00','2026-11-23T18:15:07+00:00','made','da848dc6-d913-575f-a019-bc92e57f8dba',NULL);
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
