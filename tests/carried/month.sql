PRAGMA user_version = 2;
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'woo2po','m001_orders_and_writes','2026-11-29 00:21:06.292592+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'woo2po','m002_what_follows_an_order','2026-11-29 00:21:06.293706+00:00');
CREATE TABLE "catalogue" (
   "part" TEXT PRIMARY KEY,
   "read_at" TEXT NOT NULL,
   "body" TEXT NOT NULL
) STRICT;
INSERT INTO "catalogue" VALUES('all','2026-11-24T08:15:16+00:00','{"read_at": "2026-11-24 08:15:16+00:00", "all_read_at": "2026-11-24 08:15:16+00:00", "products": [{"id": 7000001, "code": "GEN-001", "archived": false, "standard_account_id": 3000011, "optional_account_id": 3000015, "group_id": 6001, "name": "Ullgenser"}, {"id": 7000002, "code": "LUE-7", "archived": false, "standard_account_id": null, "optional_account_id": null, "group_id": 6001, "name": "Lue"}, {"id": 7000003, "code": "TS-M-BLA", "archived": false, "standard_account_id": 3000011, "optional_account_id": 3000015, "group_id": 6001, "name": "T-skjorte M blå"}, {"id": 7000004, "code": "KAF-250", "archived": false, "standard_account_id": 3000012, "optional_account_id": 3000015, "group_id": 6002, "name": "Kaffe 250 g"}, {"id": 7000005, "code": "TUR-12", "archived": false, "standard_account_id": 3000013, "optional_account_id": null, "group_id": null, "name": "Guidet tur"}, {"id": 7000006, "code": "BOK-12", "archived": false, "standard_account_id": 3000014, "optional_account_id": null, "group_id": null, "name": "Bok"}, {"id": 7000007, "code": "EBOK-1", "archived": false, "standard_account_id": 3000011, "optional_account_id": null, "group_id": null, "name": "E-bok"}, {"id": 7000008, "code": "PAKKE-1", "archived": false, "standard_account_id": 3000011, "optional_account_id": 3000015, "group_id": 6001, "name": "Turpakke"}, {"id": 7000009, "code": "SALG-1", "archived": false, "standard_account_id": 3000011, "optional_account_id": 3000015, "group_id": 6001, "name": "Jakke på salg"}, {"id": 7000010, "code": "TRE-3", "archived": false, "standard_account_id": 3000011, "optional_account_id": 3000015, "group_id": 6001, "name": "Tre for hundre"}, {"id": 7000011, "code": "KOM,MA-1", "archived": false, "standard_account_id": 3000011, "optional_account_id": 3000015, "group_id": 6001, "name": "Vare med komma"}, {"id": 7000012, "code": "FRAKT", "archived": false, "standard_account_id": 3000011, "optional_account_id": 3000015, "group_id": null, "name": "Frakt"}, {"id": 7000013, "code": "FRAKT15", "archived": false, "standard_account_id": 3000012, "optional_account_id": null, "group_id": null, "name": "Frakt 15 %"}, {"id": 7000014, "code": "FRAKT0", "archived": false, "standard_account_id": 3000014, "optional_account_id": 3000015, "group_id": null, "name": "Frakt uten mva"}, {"id": 7000015, "code": "RABATT", "archived": false, "standard_account_id": 3000011, "optional_account_id": 3000015, "group_id": null, "name": "Rabatt"}, {"id": 7000016, "code": "RABATT15", "archived": false, "standard_account_id": 3000012, "optional_account_id": null, "group_id": null, "name": "Rabatt 15 %"}, {"id": 7000017, "code": "RABATT12", "archived": false, "standard_account_id": 3000013, "optional_account_id": null, "group_id": null, "name": "Rabatt 12 %"}, {"id": 7000018, "code": "RABATT0", "archived": false, "standard_account_id": 3000014, "optional_account_id": 3000015, "group_id": null, "name": "Rabatt uten mva"}, {"id": 7000019, "code": "GEBYR", "archived": false, "standard_account_id": 3000011, "optional_account_id": 3000015, "group_id": null, "name": "Gebyr"}, {"id": 7000020, "code": "GEBYR15", "archived": false, "standard_account_id": 3000012, "optional_account_id": null, "group_id": null, "name": "Gebyr 15 %"}, {"id": 7000021, "code": "GEBYR12", "archived": false, "standard_account_id": 3000013, "optional_account_id": null, "group_id": null, "name": "Gebyr 12 %"}, {"id": 7000022, "code": "GEBYR0", "archived": false, "standard_account_id": 3000014, "optional_account_id": 3000015, "group_id": null, "name": "Gebyr uten mva"}, {"id": 7000023, "code": "GAVEKORT", "archived": false, "standard_account_id": 3000010, "optional_account_id": null, "group_id": null, "name": "Gavekort"}, {"id": 7000024, "code": "AVRUND", "archived": false, "standard_account_id": 3000018, "optional_account_id": null, "group_id": null, "name": "Øreavrunding"}, {"id": 7000025, "code": "VARE25", "archived": false, "standard_account_id": 3000011, "optional_account_id": 3000015, "group_id": null, "name": "Vare 25 %"}, {"id": 7000026, "code": "VARE15", "archived": false, "standard_account_id": 3000012, "optional_account_id": 3000015, "group_id": null, "name": "Vare 15 %"}, {"id": 7000027, "code": "VARE12", "archived": false, "standard_account_id": 3000013, "optional_account_id": null, "group_id": null, "name": "Vare 12 %"}, {"id": 7000028, "code": "VARE0", "archived": false, "standard_account_id": 3000014, "optional_account_id": 3000015, "group_id": null, "name": "Vare uten mva"}], "groups": [{"id": 6001, "standard_account_id": 3000011, "optional_account_id": 3000015}, {"id": 6002, "standard_account_id": 3000012, "optional_account_id": null}], "accounts": [{"id": 3000001, "number": 1500, "vat_code": "0", "active": true, "needs_department": false, "needs_project": false, "name": "Kundefordringer"}, {"id": 3000002, "number": 1579, "vat_code": "0", "active": true, "needs_department": false, "needs_project": false, "name": "Andre kortsiktige fordringer"}, {"id": 3000003, "number": 1900, "vat_code": "0", "active": true, "needs_department": false, "needs_project": false, "name": "Kasse"}, {"id": 3000004, "number": 1901, "vat_code": "0", "active": true, "needs_department": false, "needs_project": false, "name": "Visa oppgjør"}, {"id": 3000005, "number": 1903, "vat_code": "0", "active": true, "needs_department": false, "needs_project": false, "name": "Vipps oppgjør"}, {"id": 3000006, "number": 1904, "vat_code": "0", "active": true, "needs_department": false, "needs_project": false, "name": "Klarna oppgjør"}, {"id": 3000007, "number": 1905, "vat_code": "0", "active": true, "needs_department": false, "needs_project": false, "name": "Kortoppgjør nettbutikk"}, {"id": 3000008, "number": 1920, "vat_code": "0", "active": true, "needs_department": false, "needs_project": false, "name": "Bank"}, {"id": 3000009, "number": 2700, "vat_code": "0", "active": true, "needs_department": false, "needs_project": false, "name": "Utgående mva"}, {"id": 3000010, "number": 2965, "vat_code": "0", "active": true, "needs_department": false, "needs_project": false, "name": "Gjeld til kunder, gavekort"}, {"id": 3000011, "number": 3000, "vat_code": "3", "active": true, "needs_department": false, "needs_project": false, "name": "Salg, høy sats"}, {"id": 3000012, "number": 3030, "vat_code": "31", "active": true, "needs_department": false, "needs_project": false, "name": "Salg, middels sats"}, {"id": 3000013, "number": 3050, "vat_code": "33", "active": true, "needs_department": false, "needs_project": false, "name": "Salg, lav sats"}, {"id": 3000014, "number": 3100, "vat_code": "5", "active": true, "needs_department": false, "needs_project": false, "name": "Salg, nullsats innenlands"}, {"id": 3000015, "number": 3110, "vat_code": "52", "active": true, "needs_department": false, "needs_project": false, "name": "Salg, utførsel"}, {"id": 3000016, "number": 3200, "vat_code": "6", "active": true, "needs_department": false, "needs_project": false, "name": "Salg utenfor avgiftsområdet"}, {"id": 3000017, "number": 6300, "vat_code": "0", "active": true, "needs_department": true, "needs_project": false, "name": "Leie lokale"}, {"id": 3000018, "number": 7740, "vat_code": "0", "active": true, "needs_department": false, "needs_project": false, "name": "Øredifferanser"}, {"id": 3000019, "number": 7770, "vat_code": "0", "active": true, "needs_department": false, "needs_project": false, "name": "Bank- og kortgebyr"}], "vat_codes": [{"id": 41, "code": "0", "rate": "0"}, {"id": 42, "code": "3", "rate": "25.00"}, {"id": 43, "code": "31", "rate": "15.00"}, {"id": 44, "code": "33", "rate": "12.00"}, {"id": 45, "code": "5", "rate": "0"}, {"id": 46, "code": "52", "rate": "0"}, {"id": 47, "code": "6", "rate": "0"}, {"id": 48, "code": "7", "rate": "0"}]}');
CREATE TABLE "customers" (
   "reference" TEXT PRIMARY KEY,
   "customer_id" INTEGER NOT NULL,
   "subledger_account_id" INTEGER,
   "has_addresses" INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-7cf8b2fc6d569a6016a9',5000001,4000001,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-88c4a3af63cee8883b47',5000002,4000002,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-1642f56569b447362435',5000003,4000003,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-9278b1494a44df3e59ac',5000004,4000004,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-36c7b4ac4a248f784ee2',5000005,4000005,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-369f2a7a0108ab7d61d8',5000006,4000006,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-c1fc8a805b7b26f4cd5d',5000007,4000007,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-0228208d0387963008d0',5000008,4000008,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-f94f6cfe8fcf55e95fb4',5000009,4000009,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-6f4470ee0b1392a351b1',5000010,4000010,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-b91ba368c06daee0a1f2',5000011,4000011,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-558cc14dcec0beea6521',5000012,4000012,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-7f538518bc58d38823d5',5000013,4000013,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-8aae3f2b90a4dacfd47b',5000014,4000014,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-06f39fa84f222f398e85',5000015,4000015,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-606545d6c7aaf4b34d91',5000016,4000016,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-a91e4210e373f5a669c9',5000017,4000017,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-e0723706b1a3e92d5af9',5000018,4000018,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-5be391c2b2ba1f5f95a0',5000019,4000019,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-015969242634fc1b9e80',5000020,4000020,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-78231e3fc1d4f974e9b4',5000021,4000021,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-08ef167c65428fc61c22',5000022,4000022,0);
INSERT INTO "customers" VALUES('woo-0f59463c60-mail-1e8890590d25b75e8c06',5000023,4000023,0);
CREATE TABLE "delivery_addresses" (
   "external_code" TEXT PRIMARY KEY,
   "customer_id" INTEGER NOT NULL,
   "address_id" INTEGER NOT NULL
) STRICT;
INSERT INTO "delivery_addresses" VALUES('woo2po-d567579dcaeb79d4f7808c77b9211327',5000016,800024);
INSERT INTO "delivery_addresses" VALUES('woo2po-994f20de5b68973e24a2a42e7fa2f5be',5000003,800025);
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
INSERT INTO "meta" VALUES('cursor','2026-11-24T08:15:47+00:00');
INSERT INTO "meta" VALUES('statuses','{"asked": "2026-11-23T18:00:00+00:00", "names": ["trash", "pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed"]}');
INSERT INTO "meta" VALUES('polled','2026-11-24T08:15:47.218000+00:00');
INSERT INTO "meta" VALUES('long_look','2026-11-24');
INSERT INTO "meta" VALUES('shop_route_style','pretty');
INSERT INTO "meta" VALUES('shop_keys_in_query','no');
INSERT INTO "meta" VALUES('company','7b3f0c1e-5d1a-4c68-9b52-3f2f6d3a1c11');
INSERT INTO "meta" VALUES('looked','2026-11-24T08:15:47+00:00');
INSERT INTO "meta" VALUES('looked_at_all','2026-11-23T18:00:00+00:00');
INSERT INTO "meta" VALUES('clock_ahead','1');
INSERT INTO "meta" VALUES('looked_at_waiting','2026-11-24T08:15:14.734000+00:00');
INSERT INTO "meta" VALUES('vouchers_posted','yes');
INSERT INTO "meta" VALUES('looked_for_invoices','2026-11-24T08:15:14+00:00');
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
INSERT INTO "orders" VALUES(-10901,'109','2026-10-05T08:00:00+00:00',NULL,'shop_109-c','woo-0f59463c60-109-c','','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000009,NULL,'feeeeb63-4d24-550e-bb3f-a68f56939adc',27,10013,-179700,'NOK','1a3e2e5144406d7f71f28ca5d8152e3adf708e6234992ea56bb700f5f8e15752','e2aaa185e650392f38067f0237b66471c6891b669ca6c34972196b0428bc4caa','[]',109,NULL,'',NULL,NULL,1);
INSERT INTO "orders" VALUES(-10701,'107','2026-10-05T08:00:00+00:00',NULL,'shop_107-c','woo-0f59463c60-107-c','','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000007,NULL,'434995d0-b569-59b3-8cd1-d4c31b56b237',26,10012,-179700,'NOK','5e48864fd498b332337c972255a01472b4c24e6604c3dd09e56207553bf6ec4f','9f90b4d05ba6e6795b0d0d26adc2c14f13ed62af90f287431fe5e648003d020e','[]',107,NULL,'',NULL,NULL,1);
INSERT INTO "orders" VALUES(101,'101','2026-10-05T08:00:00+00:00','processing','shop_101','woo-0f59463c60-101','f2a69397358ed0a54dda502bcc07f5f0849c6535bd97c862f0082cdfacfdf01e','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000001,NULL,'1d874e6e-df35-5886-8796-9eaa9d0742cf',1,NULL,129900,'NOK','25d0f6040efd2367bfc8b5fbe0b62d94837c451cbaa10bf83e96485c8c16f404.33cd02141fe8721b8571d3e808249b2b2f989fa769b742da70b2d32aca11d830','a8a0dfc520557af5be0a61c65c2ec366639583b0318d3f260d8cab9c57f56af2','[]',NULL,NULL,'person','due','bank 3000005 1903 2026-10-05 1299.00 NOK',NULL);
INSERT INTO "orders" VALUES(102,'102','2026-10-05T08:00:00+00:00','processing','shop_102','woo-0f59463c60-102','b0dff030dfef110906de06759369475b086b9665744071a25864b7aa2f91faef','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000002,NULL,'5105f114-b336-5ae1-be6a-598fab0cc5cb',2,NULL,76440,'NOK','85b1cdcc6d8bae484a9287096f2ee31387ae5737a84c48fe57893bf118c2b86a.03b0a42af94351eae1f4b4e97d07a209d5e501dfdd50bae445e42f2f10c43b62','bf7c5be6ac0b97c8b8921c4a8dc0a635c501a71cd6fe9d74da692ba858ecad2c','[]',NULL,NULL,'person','due','bank 3000005 1903 2026-10-05 764.40 NOK',NULL);
INSERT INTO "orders" VALUES(103,'103','2026-10-05T08:00:00+00:00','completed','shop_103','woo-0f59463c60-103','3ce42de99f27ddeddba5d85f5649f2295a1c053d6a27b8d087d25dbf3055c81a','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000003,NULL,'d7ab6e56-86ed-5508-ac7e-4460631743cc',3,10001,179700,'NOK','360c5aa66de1e5b487db08533f0403a1b7e76557fdb8023e86fa1525fce67d1f.834ec96151ebae0111db78850b5aceb2dbdc10abef149d9d125206d64d363a8c','03812341ab564ee1423716690ff8139067c7eb0d18dfa438e885fd69af11c7fd','[]',NULL,NULL,'','made','bank 3000005 1903 2026-10-05 1797.00 NOK',1);
INSERT INTO "orders" VALUES(104,'104','2026-10-05T08:00:00+00:00','completed','shop_104','woo-0f59463c60-104','cc217b6a858e7e3a3c227c7575b31c262903e98a8997e283e01ea4ce40107d2d','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000004,NULL,'9a49dfad-f327-565e-8721-1bfee60e724a',4,10007,64000,'NOK','519dcd09062d6bbc9f492168d889ddf98b906e9dd51537f7f2111564c6e4aa5b.264695f4b445c2b4c0f824e6a5e44fedf8c69fe82f74b3cd7cdb2212fe83de09','c92de35bc3d02537919224047a70387f68c0450087d19cde6560e01e83958dce','[]',NULL,NULL,'','made','cash 3000003 1900 2026-11-23 640.00 NOK',1);
INSERT INTO "orders" VALUES(105,'105','2026-10-05T08:00:00+00:00','completed','shop_105','woo-0f59463c60-105','2500e7a4f5d777c3a338049af19809b9472a5561c0392513904705e1528024f9','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000005,NULL,'58a89374-aa24-5b79-88bf-73c4971f5274',5,10002,179700,'NOK','f8846419a56c4ec64c59df87ea93a0ca9c0f2b53a484fc72c8c656b978621dbe.0c01476c340507073242701df048874879dc3bd8ea264d7fa771ba447a353a50','a2a95ae59866934a664bbf8fb6f4c53e13736340458cd9ecc97d2ba91f7f984b','[]',NULL,NULL,'','made','bank 3000005 1903 2026-10-05 1797.00 NOK',1);
INSERT INTO "orders" VALUES(106,'106','2026-10-05T08:00:00+00:00','completed','shop_106','woo-0f59463c60-106','e9196916f51dfb4b8ea434cf64ffb89d867cc358223ff5ec218c7b2675581683','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000006,NULL,'1d2213b6-8c16-5366-b813-4b95249625fc',6,10003,179700,'NOK','2b58e34047e155465de87581e86f667967348d90ab12085444b364451039b4d0.7e21f23aeee2f1e0709a06cc3e722579f465bb5d3991f7131dc1930c608f5bcc','18925ea3e70e3f4cc85a19131d4bd3649cd76b368a70f9e7380d6a500c1fdafb','[]',NULL,NULL,'','made','bank 3000005 1903 2026-10-05 1797.00 NOK',1);
INSERT INTO "orders" VALUES(107,'107','2026-10-05T08:00:00+00:00','cancelled','shop_107-2','woo-0f59463c60-107-2','875f170b162c0f3d43fdd0f8735349c3f0dcaf5ba87bca492f45357d5f7037dd','',0,NULL,NULL,NULL,NULL,NULL,NULL,1,5000007,NULL,'',NULL,NULL,179700,'NOK','','','[]',NULL,2,'','made','bank 3000005 1903 2026-10-05 1797.00 NOK',0);
INSERT INTO "orders" VALUES(108,'108','2026-10-05T08:00:00+00:00','processing','shop_108-2','woo-0f59463c60-108-2','e51948c088cf7550928011e699f0b3e5de0ad0d5af4a52b1987b6f8b1ae5ddec','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000008,NULL,'008bc60c-f780-5381-bd71-fa5f2c55026d',25,NULL,49800,'NOK','49911c2a530ed255d7ae118c1588872bdd6de74233cbf4664d27ec77a53a7dd1.c86d6e3a5d71814ed282199811a10eb8c3ecca40085cae34c5cbd1b120cf4c6e','615ed9d23110659c0445ab05f8471ce83308471c13abadd2c2b060b645037dbc','[]',NULL,2,'person','due','bank 3000005 1903 2026-10-05 498.00 NOK',0);
INSERT INTO "orders" VALUES(109,'109','2026-10-05T08:00:00+00:00','processing','shop_109-2','woo-0f59463c60-109-2','fce36a58733e64da5d9b119fd2dc145b7736b4cbda6fb421ff74ac4e142657f3','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000009,NULL,'5cfb1594-20b5-51db-869c-8d0ce8d3f317',31,NULL,179700,'NOK','117459278c3d63394e31fe2ef2b7aeab6cb8af6b791d59353d61a97e8be0460b.3cdfa1458d3ceca4ec63240a3e401073914efb3df493afb951bd98d203b68a4c','3a1f262683b02f81a28f783351fe402d6cd308c9814d37a142d70fb72c33bac7','[]',NULL,2,'person','made','bank 3000005 1903 2026-10-05 1797.00 NOK',0);
INSERT INTO "orders" VALUES(110,'110','2026-10-05T08:00:00+00:00','cancelled','shop_110-2','woo-0f59463c60-110-2','f7b2dfc0c664e7631cb20b1d1ff73c0927899ba62b53f683d7c3e49299b27230','',0,NULL,NULL,NULL,NULL,NULL,NULL,1,5000010,NULL,'',NULL,NULL,49800,'NOK','','','[]',NULL,2,'','','bank 3000005 1903 2026-10-05 498.00 NOK',0);
INSERT INTO "orders" VALUES(111,'111','2026-10-05T08:00:00+00:00','processing','shop_111','woo-0f59463c60-111','7422e61da8d7d3a4183e809853ae3cd5a876f25d682982b6857807698aa7ab43','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000011,NULL,'e188ac2f-2b32-50f7-b197-614964241bc3',11,NULL,49800,'NOK','9f3d1e4de60cc0b39d5cf72b01aca3f8679e66a8116c6fd3dca755dc66dc5bc0.8349400cfdb906202b6446c2b0c14ac6ad919b1e9275cf64d24c1c492021c51b','3d56a72b9e67d6acc6da7a682d2ada6bd2f4f520952b7cf56c3cf73bd57aa1f6','[]',NULL,NULL,'person','due','bank 3000005 1903 2026-10-05 498.00 NOK',NULL);
INSERT INTO "orders" VALUES(112,'112','2026-10-05T08:00:00+00:00','processing','shop_112','woo-0f59463c60-112','9e78ccb097808703b05bf2458f36efd04f671e19a2cf4906fc85805ccb16e9a5','',0,'total_below_lines','{"lines": "498.00", "total": "400.00", "difference": "98.00"}','2026-11-24T08:15:16.900000+00:00','a9646a8f2dbe9f21',NULL,NULL,0,NULL,NULL,'',NULL,NULL,40000,'NOK','','','[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "orders" VALUES(113,'113','2026-10-05T08:00:00+00:00','completed','shop_113','woo-0f59463c60-113','fd3c1fd7ec8a2a1ff72fddc84425ad019aa549d57d4da62fb74bfdd019650d10','',0,'changed_after_invoice','{"invoice": "10006", "was": "1797.00", "now": "1299.00"}','2026-11-24T08:15:16.900000+00:00','a9646a8f2dbe9f21',NULL,NULL,0,5000012,NULL,'da848dc6-d913-575f-a019-bc92e57f8dba',12,10006,179700,'NOK','da6fc9afa5ef43ec9f76aa2e63d655c362ffc321955fd8d45552f140a74c12f7.2665315043a927b34bcb03026bf6d0c1839375cd6eb482281c8465afaf3e619a','441d12bcbf8b454ea49a82acdd276dc80784ada55f71e5df11a08d496f3cb7e5','[]',NULL,NULL,'','made','bank 3000005 1903 2026-10-05 1797.00 NOK',1);
INSERT INTO "orders" VALUES(114,'114','2026-10-05T08:00:00+00:00','processing','shop_114','woo-0f59463c60-114','d776a8b20febb9a3e41c774eb6ae7be536d63a0268e979022b34ee7cb403608e','',0,'draft_gone','{"sales_order": "13"}','2026-11-24T08:15:17.536000+00:00','a9646a8f2dbe9f21',NULL,NULL,0,5000013,NULL,'23b85e02-2703-5821-9915-d620ba2335d2',13,NULL,26640,'NOK','38306da2ac0c706ff02bc5f210d818bd4040f40de685f2fdb83fd0b99693f32e.c3b0772d1c33b5536bc0f4001d7cbebeeb24704d3a5b97fed3ab95528cd19959','d89325f5bf33bbdd97d5bffad554f498a39128dde4bd1c080cc3f15484dee4bc','[]',NULL,NULL,'person','due','bank 3000005 1903 2026-10-05 266.40 NOK',NULL);
INSERT INTO "orders" VALUES(115,'115','2026-10-05T08:00:00+00:00','processing','shop_115','woo-0f59463c60-115','bdda90382b7b16ddbecd974e9fd27bc0c7f123605310c005a891d156d8b17e8a','',0,'draft_edited','{"sales_order": "14"}','2026-11-24T08:15:17.112000+00:00','a9646a8f2dbe9f21',NULL,NULL,0,5000014,NULL,'68a5bc20-3fce-5f37-8d60-1ebaf9d43c70',14,NULL,26640,'NOK','34ad543a582859c4b7eb609c0a7c2228b830138067832b4e862b1545f883a207.5f728b4e3890de18c50afdb2c8a4837346da5e84aae464569d4a2193217d0f31','53dec27b453c5716839c800a6183004aeeb7f66692b4129ebb1a30eba32754b9','[]',NULL,NULL,'person','due','bank 3000005 1903 2026-10-05 266.40 NOK',NULL);
INSERT INTO "orders" VALUES(116,'116','2026-10-05T08:00:00+00:00','processing','shop_116','woo-0f59463c60-116','244e1f0def2345a6c80bed9303169e92b5f077d9688f6ec6dcdc1476af2d3605','',0,NULL,NULL,'2026-11-23T18:00:04.134000+00:00','a9646a8f2dbe9f21','by_hand','{"reason": "Paid in the shop on Saturday"}',0,5000015,NULL,'28ba98e8-335c-56d4-9d27-b9441c5eced8',15,NULL,49800,'NOK','88bb09b114f4644e38775b001d343d6863c3204e15b931eeaf966f9c2b53cfbb.68e6a21aaccbedc79bcc4ed6b33d32f684a20c8d11d1216980a137a5ed37e14c','324cb3c81d96f460a277283ec557ddde4da1eb5d6bbeb8c92f51ac1e35cc5653','[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "orders" VALUES(117,'117','2026-10-05T08:00:00+00:00','processing','shop_117','woo-0f59463c60-117','3fe9cf10ae5276f7548f1d93311d59bc8bba7eabc6492c93951b7fcc77d95fb9','',0,NULL,NULL,NULL,NULL,'test_order','{"key": "_wcpay_mode"}',0,NULL,NULL,'',NULL,NULL,49800,'NOK','','','[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "orders" VALUES(118,'118','2026-10-05T08:00:00+00:00','processing','shop_118','woo-0f59463c60-118','09d662d038eaddc21eb902f0dba70eab6a9fd8b74a6b6083dfc03ae3edc61ffc','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000016,800024,'952061b0-72d5-5a57-9931-04445023ed20',23,NULL,26640,'NOK','1abc9aaef4074b4156df3353c89ed457a2d4e1c7d5ae70ef7f1a88b81db63639.21c9afe353ae5fd480ca6b9b83c9ece6712ac094b65338bc3c538fee41da1781','fe223594373db1627e931dabfda67da2791e39cd7d0db8fe0a9615dad0c8b42f','[{"code": "organisation_number_wrong", "facts": {"fields": "_billing_org_nr"}}]',NULL,NULL,'person','due','bank 3000005 1903 2026-10-05 266.40 NOK',NULL);
INSERT INTO "orders" VALUES(119,'119','2026-10-05T08:00:00+00:00','completed','shop_119','woo-0f59463c60-119','e32468fdce84abdaf7d8116cc1983fb884f50388374749eb3d24286b2b5f8e86','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000017,NULL,'ce8036ae-fbd4-5f7a-933c-ff95a743034a',16,10008,179700,'NOK','34c49d98dd01b90bf8ee4d43698e2d5cf46b877568d0a4507d12023672a3f861.3299788b661cd03da24af3ccf37084cb588103a178e04c87d429f2cccb35850e','b6f83501da53072ff459ac48f528583dd00e645b2aad1914606ec60942acaf9b','[]',NULL,NULL,'','made','bank 3000005 1903 2026-10-05 1797.00 NOK',1);
INSERT INTO "orders" VALUES(120,'120','2026-10-05T08:00:00+00:00','completed','shop_120','woo-0f59463c60-120','cbe0b2611383918f798d8913dc8e23a619c3cad5f99c4596ed67f18b136d4655','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000018,NULL,'cf26bca5-4dd6-54f6-b527-f087447cf1d4',17,10009,64000,'NOK','77d84e653681ad1e333c409537448f79c1af63b8e0c4f49b12218c06e041246b.dfd591a25a0a4d9216e38d2dd3367b9b8d71b7b61b26fc53f1b5d46e7f1342b9','bf7e7ee8c814218bd6685a9cc8dfa03ba98b67f441409783b49bf1205d4ca234','[]',NULL,NULL,'',NULL,NULL,1);
INSERT INTO "orders" VALUES(121,'121','2026-10-05T08:00:00+00:00','refunded','shop_121','woo-0f59463c60-121','2a6626aa2f35116435b43d8d8c01e2045e600821258eb7b1fb97b2adf93e63b8','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000019,NULL,'15faa083-19fe-5811-afa4-f1071e3773aa',18,10010,179700,'NOK','cdd7baa537a805b52149107ebd4e0943f3ffedda222b166a6f7c47b6018cbc6d.d726cabb2b399274d2a73b2f923f80338dadfe591653521a87dddba95da779c8','079105d8799da8c757c75a609ffbf712487f29ee5f3ac6665c30ec84d71fb11e','[]',NULL,NULL,'','made','bank 3000005 1903 2026-10-05 1797.00 NOK',1);
INSERT INTO "orders" VALUES(122,'122','2026-10-05T08:00:00+00:00','processing','shop_122','woo-0f59463c60-122','8b98c84cb66aa6cb4f047c4eed3f9f36994c197eb981d73346854f7a1f39b4ab','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000020,NULL,'bb05099e-7848-5097-955f-9c1438adb3bf',19,NULL,156540,'NOK','108e50eafef24393fc77ac5968ec6ee7659d436f1d23660a36bff45ebbf911b2.803b687ec1971e6af9539fc5bf6b6aa04b44fc1a9c20f6252fc541dd329deb86','90db8368153e9336750862462413ecacc48bfb7d09bb57653e728e207667efea','[]',NULL,NULL,'person','due','bank 3000005 1903 2026-10-05 1565.40 NOK',NULL);
INSERT INTO "orders" VALUES(123,'123','2026-10-05T08:00:00+00:00','processing','shop_123','woo-0f59463c60-123','078be87afacd5e7756a99e42c0f0f2dbfbd218a7ecb2f7b74515a4e1dd7d5d5c','',0,'refused','{"what": "create_sales_order", "title": "Validation error(s)", "detail": "Not in 2026-11."}','2026-11-24T08:15:15.158000+00:00','a9646a8f2dbe9f21',NULL,NULL,0,NULL,NULL,'',NULL,NULL,49800,'NOK','','','[]',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "orders" VALUES(124,'124','2026-10-05T08:00:00+00:00','processing','shop_124','woo-0f59463c60-124','a05ad8a75515ef36ca86826df571771bf5d0eb72d3fd21cf301e8975e10fc162','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000003,800025,'f211578c-5613-52bc-8aaa-07ff95670d79',24,NULL,49800,'NOK','a52795de89e2e2ff6e3f7e029b557f61cde9f003ea802657605308d44ae00600.dbcb12d51d476c216f5843e97344eb3b2a423c5a346c559e9d082bbc155c6b76','291a182236d44ea4eed785a831d6ef24a553fb1657df209107d033dc6af5a18e','[]',NULL,NULL,'person','due','bank 3000005 1903 2026-10-05 498.00 NOK',NULL);
INSERT INTO "orders" VALUES(130,'130','2026-10-05T08:00:00+00:00','completed','shop_130','woo-0f59463c60-130','813573a5c73039ea6524ce63eb11ad65342837d59e9f8623cd501f6028a37775','',1,NULL,NULL,NULL,NULL,NULL,NULL,0,5000021,NULL,'2a3a8aac-d2f6-5938-8685-0345bd19ed99',20,NULL,179700,'NOK','9fd50913a4f99929d5a9f627788cb44cc9bf350deb8f6dbed85244385ec83f11.5b3db0a06e001fb0adf8ef59921ccd599c94f27a185c773f8d4d986baf577df4','fca7d45584f20c42a87f03917ca1e8620b706d5901aa50f8b52a4632d0556c7c','[]',NULL,NULL,'person','due','bank 3000005 1903 2026-10-05 1797.00 NOK',NULL);
INSERT INTO "orders" VALUES(131,'131','2026-10-05T08:00:00+00:00','completed','shop_131','woo-0f59463c60-131','f0f95e808144e7369282b4dc0f5bf93f83f6db9110aec40c25f7f682bce765f9','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000022,NULL,'fa105e34-91dd-5e25-bb99-c3d0101009d6',21,10011,179700,'NOK','29fa04c3781a9f9abdbbfee1ab56819b19c9f61a06b26000be6e674eb0cb94ec.248fb2d1ff92bd3f24840930532f1e44515162a65fd746f3b7a6f62c75d0b837','5a840767c754aebd0ca2aa491e2cd7be7bfd265c222ae98e03b394ec379f7dfe','[]',NULL,NULL,'','made','bank 3000005 1903 2026-10-05 1797.00 NOK',1);
INSERT INTO "orders" VALUES(132,'132','2026-10-05T08:00:00+00:00','completed','shop_132','woo-0f59463c60-132','96bbbc934fc81fe934976b6c9ca1623af826962e7be24d43ae07cd4eba855ce3','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000023,NULL,'142008d6-1d40-50b1-a377-607ba454b9c1',22,10017,179700,'NOK','d546f2ed8a7d3b084626035fabdcf04051daa97a1fdeeb932f0ed359677a1b54.6b2153fd0478c18b1d443d86941a01996b46325460b79af94dbd5ce4df7a0224','49b5034f87c3eb5f1c1a1f6deeff992bb4e89c5ab14481b96bbe3aee6c382bbd','[]',NULL,NULL,'','due','bank 3000005 1903 2026-10-05 1797.00 NOK',1);
INSERT INTO "orders" VALUES(134,'105','2026-10-05T08:00:00+00:00',NULL,'shop_105-r134','woo-0f59463c60-105-r134','','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000005,NULL,'a77ae9c2-a704-5e6d-978f-e988f4d6b9f7',28,10014,-24900,'NOK','8bd2f05019576b1dd9d40c25298e2c46235e35cbbd56e9540df232f7bc04bc12','7a7fe9c78917ac93f3d1ee3150c05a0633e275880f413176e2e9c641f83361b4','[]',105,NULL,'','made','bank 3000005 1903 2026-11-23 -249.00 NOK',1);
INSERT INTO "orders" VALUES(135,'106','2026-10-05T08:00:00+00:00',NULL,'shop_106-r135','woo-0f59463c60-106-r135','','',0,'refund_without_lines','{"refund": "135", "amount": "100.00"}','2026-11-24T08:15:17.748000+00:00','a9646a8f2dbe9f21',NULL,NULL,0,NULL,NULL,'',NULL,NULL,NULL,'NOK','','','[]',106,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "orders" VALUES(136,'119','2026-10-05T08:00:00+00:00',NULL,'shop_119-r136','woo-0f59463c60-119-r136','','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000017,NULL,'aeb08994-c0d0-5023-9e5c-2c62db7d16e1',29,10015,-129900,'NOK','2e18d6b8b7e002590b22ba40b1dc9685cdb9356cced095281673352be350081e','68eec2fdca35ff2811464e6fe4380a4bfa45d20e08e3a10ce4ed3d75bd9278dc','[{"code": "returned_outside", "facts": {"refund": "136", "amount": "1299.00"}}]',119,NULL,'',NULL,NULL,1);
INSERT INTO "orders" VALUES(137,'121','2026-10-05T08:00:00+00:00',NULL,'shop_121-r137','woo-0f59463c60-121-r137','','',0,NULL,NULL,NULL,NULL,NULL,NULL,0,5000019,NULL,'b7e9186c-6c6d-52cc-9112-179c22ea314c',30,10016,-179700,'NOK','2556e0f6acc6d9dcaa76caa2c1bfe4ad7d4d851db82eddb2c7c494e6a6d08d6f','8b8615e2a3db0d4eb9aaa68f5d742d2e6a32ecbace4fb33455b8fc280a771ce1','[{"code": "returned_outside", "facts": {"refund": "137", "amount": "1797.00"}}]',121,NULL,'',NULL,NULL,1);
INSERT INTO "orders" VALUES(138,'131','2026-10-05T08:00:00+00:00',NULL,'shop_131-r138','woo-0f59463c60-131-r138','','',1,NULL,NULL,NULL,NULL,NULL,NULL,0,5000022,NULL,'06b77c53-3514-56e5-b6e0-5896bab4ee8f',32,NULL,-129900,'NOK','da6c63c28e4537c08a9a848e04100c44c0dd0e881261612cb7196d24e27adb23','18c6c83a2ea135be3fb5b6092228511141917b75657e196ab3e40485826f0fe3','[]',131,NULL,NULL,'due','bank 3000005 1903 2026-11-24 -1299.00 NOK',NULL);
CREATE TABLE "runs" (
   "id" INTEGER PRIMARY KEY,
   "started" TEXT NOT NULL,
   "ended" TEXT,
   "exit_code" INTEGER,
   "counts" TEXT DEFAULT '{}'
) STRICT;
INSERT INTO "runs" VALUES(1,'2026-11-23T18:00:00+00:00','2026-11-23T18:00:05.936000+00:00',1,'{"made": 23, "held": 2, "skipped": 1}');
INSERT INTO "runs" VALUES(2,'2026-11-23T18:05:05.936000+00:00','2026-11-23T18:05:10.070000+00:00',1,'{"made": 1, "changed": 1, "unchanged": 1, "cancelled": 2, "sending": 11, "invoiced": 11, "paid": 10}');
INSERT INTO "runs" VALUES(3,'2026-11-23T18:10:10.070000+00:00','2026-11-23T18:10:13.568000+00:00',1,'{"made": 1, "unchanged": 4, "held": 4, "cancelled": 2, "sending": 5, "credited": 5, "paid": 1}');
INSERT INTO "runs" VALUES(4,'2026-11-23T18:15:13.568000+00:00','2026-11-23T18:15:13.992000+00:00',1,'{"made": 1}');
INSERT INTO "runs" VALUES(5,'2026-11-24T08:15:13.992000+00:00','2026-11-24T08:15:15.158000+00:00',1,'{"held": 1}');
INSERT INTO "runs" VALUES(6,'2026-11-24T08:15:15.158000+00:00','2026-11-24T08:15:27.218000+00:00',1,'{"unchanged": 2, "held": 5, "sending": 2, "credited": 1}');
INSERT INTO "runs" VALUES(7,'2026-11-24T08:15:47.218000+00:00',NULL,NULL,'{}');
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
INSERT INTO "vouchers" VALUES('d2e3e697-aa9a-58c9-a1fa-02cd4f022247','bank','2026-10-05','NOK','[103, 105, 106, 107, 109, 113, 119, 121, 131]','{"description": "shop_ 2026-10-05", "lines": [[3000005, 41, "1797.00", "shop_103", "", null, null], [4000003, 41, "-1797.00", "shop_103", "woo-0f59463c60-103", 10001, null], [3000005, 41, "1797.00", "shop_105", "", null, null], [4000005, 41, "-1797.00", "shop_105", "woo-0f59463c60-105", 10002, null], [3000005, 41, "1797.00", "shop_106", "", null, null], [4000006, 41, "-1797.00", "shop_106", "woo-0f59463c60-106", 10003, null], [3000005, 41, "1797.00", "shop_107", "", null, null], [4000007, 41, "-1797.00", "shop_107", "woo-0f59463c60-107", 10004, null], [3000005, 41, "1797.00", "shop_109", "", null, null], [4000009, 41, "-1797.00", "shop_109", "woo-0f59463c60-109", 10005, null], [3000005, 41, "1797.00", "shop_113", "", null, null], [4000012, 41, "-1797.00", "shop_113", "woo-0f59463c60-113", 10006, null], [3000005, 41, "1797.00", "shop_119", "", null, null], [4000017, 41, "-1797.00", "shop_119", "woo-0f59463c60-119", 10008, null], [3000005, 41, "1797.00", "shop_121", "", null, null], [4000019, 41, "-1797.00", "shop_121", "woo-0f59463c60-121", 10010, null], [3000005, 41, "1797.00", "shop_131", "", null, null], [4000022, 41, "-1797.00", "shop_131", "woo-0f59463c60-131", 10011, null]]}','made',1,'2026-11-23T18:05:09.858000+00:00','ba258f97-a4f1-5697-8ef3-f895009a492e',12);
INSERT INTO "vouchers" VALUES('ed5a0b26-3a46-56b6-b2cc-c48d5cdcc192','cash','2026-11-23','NOK','[104]','{"description": "shop_ 2026-11-23", "lines": [[3000003, 41, "640.00", "shop_104", "", null, null], [4000004, 41, "-640.00", "shop_104", "woo-0f59463c60-104", 10007, null]]}','made',1,'2026-11-23T18:05:09.964000+00:00','f19d2999-2a92-563f-803e-510071dc618d',13);
INSERT INTO "vouchers" VALUES('17d019c5-1866-57df-82b1-624b9980e7b0','bank','2026-11-23','NOK','[134]','{"description": "shop_ 2026-11-23", "lines": [[3000005, 41, "-249.00", "shop_105-r134", "", null, null], [4000005, 41, "249.00", "shop_105-r134", "woo-0f59463c60-105-r134", 10014, null]]}','made',1,'2026-11-23T18:10:13.462000+00:00','c5344931-e024-55a6-ab97-64627817349f',19);
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
INSERT INTO "writes" VALUES(1,101,'create_customer','woo-0f59463c60-mail-7cf8b2fc6d569a6016a9',1,'2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00+00:00','made','5000001',NULL);
INSERT INTO "writes" VALUES(2,102,'create_customer','woo-0f59463c60-mail-88c4a3af63cee8883b47',1,'2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00+00:00','made','5000002',NULL);
INSERT INTO "writes" VALUES(3,103,'create_customer','woo-0f59463c60-mail-1642f56569b447362435',1,'2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00+00:00','made','5000003',NULL);
INSERT INTO "writes" VALUES(4,104,'create_customer','woo-0f59463c60-mail-9278b1494a44df3e59ac',1,'2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00+00:00','made','5000004',NULL);
INSERT INTO "writes" VALUES(5,105,'create_customer','woo-0f59463c60-mail-36c7b4ac4a248f784ee2',1,'2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00+00:00','made','5000005',NULL);
INSERT INTO "writes" VALUES(6,106,'create_customer','woo-0f59463c60-mail-369f2a7a0108ab7d61d8',1,'2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00+00:00','made','5000006',NULL);
INSERT INTO "writes" VALUES(7,107,'create_customer','woo-0f59463c60-mail-c1fc8a805b7b26f4cd5d',1,'2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00+00:00','made','5000007',NULL);
INSERT INTO "writes" VALUES(8,108,'create_customer','woo-0f59463c60-mail-0228208d0387963008d0',1,'2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00.848000+00:00','2026-11-23T18:00:00+00:00','made','5000008',NULL);
INSERT INTO "writes" VALUES(9,101,'create_sales_order','shop_101',1,'2026-11-23T18:00:00.954000+00:00','2026-11-23T18:00:00.954000+00:00','2026-11-23T18:00:00+00:00','made','1d874e6e-df35-5886-8796-9eaa9d0742cf',NULL);
INSERT INTO "writes" VALUES(10,102,'create_sales_order','shop_102',1,'2026-11-23T18:00:01.060000+00:00','2026-11-23T18:00:01.060000+00:00','2026-11-23T18:00:01+00:00','made','5105f114-b336-5ae1-be6a-598fab0cc5cb',NULL);
INSERT INTO "writes" VALUES(11,103,'create_sales_order','shop_103',1,'2026-11-23T18:00:01.166000+00:00','2026-11-23T18:00:01.166000+00:00','2026-11-23T18:00:01+00:00','made','d7ab6e56-86ed-5508-ac7e-4460631743cc',NULL);
INSERT INTO "writes" VALUES(12,104,'create_sales_order','shop_104',1,'2026-11-23T18:00:01.272000+00:00','2026-11-23T18:00:01.272000+00:00','2026-11-23T18:00:01+00:00','made','9a49dfad-f327-565e-8721-1bfee60e724a',NULL);
INSERT INTO "writes" VALUES(13,105,'create_sales_order','shop_105',1,'2026-11-23T18:00:01.378000+00:00','2026-11-23T18:00:01.378000+00:00','2026-11-23T18:00:01+00:00','made','58a89374-aa24-5b79-88bf-73c4971f5274',NULL);
INSERT INTO "writes" VALUES(14,106,'create_sales_order','shop_106',1,'2026-11-23T18:00:01.484000+00:00','2026-11-23T18:00:01.484000+00:00','2026-11-23T18:00:01+00:00','made','1d2213b6-8c16-5366-b813-4b95249625fc',NULL);
INSERT INTO "writes" VALUES(15,107,'create_sales_order','shop_107',1,'2026-11-23T18:00:01.590000+00:00','2026-11-23T18:00:01.590000+00:00','2026-11-23T18:00:01+00:00','made','c70fbb72-461b-5109-9003-f924d61d5e5b',NULL);
INSERT INTO "writes" VALUES(16,108,'create_sales_order','shop_108',1,'2026-11-23T18:00:01.696000+00:00','2026-11-23T18:00:01.696000+00:00','2026-11-23T18:00:01+00:00','made','a492615f-6769-5ce5-85ed-c722af4529ce',NULL);
INSERT INTO "writes" VALUES(17,109,'create_customer','woo-0f59463c60-mail-f94f6cfe8fcf55e95fb4',1,'2026-11-23T18:00:01.802000+00:00','2026-11-23T18:00:01.802000+00:00','2026-11-23T18:00:01+00:00','made','5000009',NULL);
INSERT INTO "writes" VALUES(18,110,'create_customer','woo-0f59463c60-mail-6f4470ee0b1392a351b1',1,'2026-11-23T18:00:01.908000+00:00','2026-11-23T18:00:01.908000+00:00','2026-11-23T18:00:01+00:00','made','5000010',NULL);
INSERT INTO "writes" VALUES(19,111,'create_customer','woo-0f59463c60-mail-b91ba368c06daee0a1f2',1,'2026-11-23T18:00:02.014000+00:00','2026-11-23T18:00:02.014000+00:00','2026-11-23T18:00:02+00:00','made','5000011',NULL);
INSERT INTO "writes" VALUES(20,113,'create_customer','woo-0f59463c60-mail-558cc14dcec0beea6521',1,'2026-11-23T18:00:02.120000+00:00','2026-11-23T18:00:02.120000+00:00','2026-11-23T18:00:02+00:00','made','5000012',NULL);
INSERT INTO "writes" VALUES(21,114,'create_customer','woo-0f59463c60-mail-7f538518bc58d38823d5',1,'2026-11-23T18:00:02.226000+00:00','2026-11-23T18:00:02.226000+00:00','2026-11-23T18:00:02+00:00','made','5000013',NULL);
INSERT INTO "writes" VALUES(22,115,'create_customer','woo-0f59463c60-mail-8aae3f2b90a4dacfd47b',1,'2026-11-23T18:00:02.332000+00:00','2026-11-23T18:00:02.332000+00:00','2026-11-23T18:00:02+00:00','made','5000014',NULL);
INSERT INTO "writes" VALUES(23,116,'create_customer','woo-0f59463c60-mail-06f39fa84f222f398e85',1,'2026-11-23T18:00:02.438000+00:00','2026-11-23T18:00:02.438000+00:00','2026-11-23T18:00:02+00:00','made','5000015',NULL);
INSERT INTO "writes" VALUES(24,118,'create_customer','woo-0f59463c60-mail-606545d6c7aaf4b34d91',1,'2026-11-23T18:00:02.544000+00:00','2026-11-23T18:00:02.544000+00:00','2026-11-23T18:00:02+00:00','made','5000016',NULL);
INSERT INTO "writes" VALUES(25,109,'create_sales_order','shop_109',1,'2026-11-23T18:00:02.650000+00:00','2026-11-23T18:00:02.650000+00:00','2026-11-23T18:00:02+00:00','made','d77cd4c6-285a-5538-8742-1730359993d3',NULL);
INSERT INTO "writes" VALUES(26,110,'create_sales_order','shop_110',1,'2026-11-23T18:00:02.756000+00:00','2026-11-23T18:00:02.756000+00:00','2026-11-23T18:00:02+00:00','made','60129c9a-680d-5873-b9dc-e7d4138452e5',NULL);
INSERT INTO "writes" VALUES(27,111,'create_sales_order','shop_111',1,'2026-11-23T18:00:02.862000+00:00','2026-11-23T18:00:02.862000+00:00','2026-11-23T18:00:02+00:00','made','e188ac2f-2b32-50f7-b197-614964241bc3',NULL);
INSERT INTO "writes" VALUES(28,113,'create_sales_order','shop_113',1,'2026-11-23T18:00:02.968000+00:00','2026-11-23T18:00:02.968000+00:00','2026-11-23T18:00:02+00:00','made','da848dc6-d913-575f-a019-bc92e57f8dba',NULL);
INSERT INTO "writes" VALUES(29,114,'create_sales_order','shop_114',1,'2026-11-23T18:00:03.074000+00:00','2026-11-23T18:00:03.074000+00:00','2026-11-23T18:00:03+00:00','made','23b85e02-2703-5821-9915-d620ba2335d2',NULL);
INSERT INTO "writes" VALUES(30,115,'create_sales_order','shop_115',1,'2026-11-23T18:00:03.180000+00:00','2026-11-23T18:00:03.180000+00:00','2026-11-23T18:00:03+00:00','made','68a5bc20-3fce-5f37-8d60-1ebaf9d43c70',NULL);
INSERT INTO "writes" VALUES(31,116,'create_sales_order','shop_116',1,'2026-11-23T18:00:03.286000+00:00','2026-11-23T18:00:03.286000+00:00','2026-11-23T18:00:03+00:00','made','28ba98e8-335c-56d4-9d27-b9441c5eced8',NULL);
INSERT INTO "writes" VALUES(32,119,'create_customer','woo-0f59463c60-mail-a91e4210e373f5a669c9',1,'2026-11-23T18:00:03.498000+00:00','2026-11-23T18:00:03.498000+00:00','2026-11-23T18:00:03+00:00','made','5000017',NULL);
INSERT INTO "writes" VALUES(33,120,'create_customer','woo-0f59463c60-mail-e0723706b1a3e92d5af9',1,'2026-11-23T18:00:03.604000+00:00','2026-11-23T18:00:03.604000+00:00','2026-11-23T18:00:03+00:00','made','5000018',NULL);
INSERT INTO "writes" VALUES(34,121,'create_customer','woo-0f59463c60-mail-5be391c2b2ba1f5f95a0',1,'2026-11-23T18:00:03.710000+00:00','2026-11-23T18:00:03.710000+00:00','2026-11-23T18:00:03+00:00','made','5000019',NULL);
INSERT INTO "writes" VALUES(35,122,'create_customer','woo-0f59463c60-mail-015969242634fc1b9e80',1,'2026-11-23T18:00:03.816000+00:00','2026-11-23T18:00:03.816000+00:00','2026-11-23T18:00:03+00:00','made','5000020',NULL);
INSERT INTO "writes" VALUES(36,130,'create_customer','woo-0f59463c60-mail-78231e3fc1d4f974e9b4',1,'2026-11-23T18:00:03.922000+00:00','2026-11-23T18:00:03.922000+00:00','2026-11-23T18:00:03+00:00','made','5000021',NULL);
INSERT INTO "writes" VALUES(37,131,'create_customer','woo-0f59463c60-mail-08ef167c65428fc61c22',1,'2026-11-23T18:00:04.028000+00:00','2026-11-23T18:00:04.028000+00:00','2026-11-23T18:00:04+00:00','made','5000022',NULL);
INSERT INTO "writes" VALUES(38,132,'create_customer','woo-0f59463c60-mail-1e8890590d25b75e8c06',1,'2026-11-23T18:00:04.134000+00:00','2026-11-23T18:00:04.134000+00:00','2026-11-23T18:00:04+00:00','made','5000023',NULL);
INSERT INTO "writes" VALUES(39,118,'create_delivery_address','woo2po-d567579dcaeb79d4f7808c77b9211327',1,'2026-11-23T18:00:04.240000+00:00','2026-11-23T18:00:04.240000+00:00','2026-11-23T18:00:04+00:00','made','800024',NULL);
INSERT INTO "writes" VALUES(40,119,'create_sales_order','shop_119',1,'2026-11-23T18:00:04.346000+00:00','2026-11-23T18:00:04.346000+00:00','2026-11-23T18:00:04+00:00','made','ce8036ae-fbd4-5f7a-933c-ff95a743034a',NULL);
INSERT INTO "writes" VALUES(41,120,'create_sales_order','shop_120',1,'2026-11-23T18:00:04.452000+00:00','2026-11-23T18:00:04.452000+00:00','2026-11-23T18:00:04+00:00','made','cf26bca5-4dd6-54f6-b527-f087447cf1d4',NULL);
INSERT INTO "writes" VALUES(42,121,'create_sales_order','shop_121',1,'2026-11-23T18:00:04.558000+00:00','2026-11-23T18:00:04.558000+00:00','2026-11-23T18:00:04+00:00','made','15faa083-19fe-5811-afa4-f1071e3773aa',NULL);
INSERT INTO "writes" VALUES(43,122,'create_sales_order','shop_122',1,'2026-11-23T18:00:04.664000+00:00','2026-11-23T18:00:04.664000+00:00','2026-11-23T18:00:04+00:00','made','bb05099e-7848-5097-955f-9c1438adb3bf',NULL);
INSERT INTO "writes" VALUES(44,130,'create_sales_order','shop_130',1,'2026-11-23T18:00:04.770000+00:00','2026-11-23T18:00:04.770000+00:00','2026-11-23T18:00:04+00:00','made','2a3a8aac-d2f6-5938-8685-0345bd19ed99',NULL);
INSERT INTO "writes" VALUES(45,131,'create_sales_order','shop_131',1,'2026-11-23T18:00:04.876000+00:00','2026-11-23T18:00:04.876000+00:00','2026-11-23T18:00:04+00:00','made','fa105e34-91dd-5e25-bb99-c3d0101009d6',NULL);
INSERT INTO "writes" VALUES(46,132,'create_sales_order','shop_132',1,'2026-11-23T18:00:04.982000+00:00','2026-11-23T18:00:04.982000+00:00','2026-11-23T18:00:04+00:00','made','142008d6-1d40-50b1-a377-607ba454b9c1',NULL);
INSERT INTO "writes" VALUES(47,118,'create_sales_order','shop_118',1,'2026-11-23T18:00:05.088000+00:00','2026-11-23T18:00:05.088000+00:00','2026-11-23T18:00:05+00:00','made','952061b0-72d5-5a57-9931-04445023ed20',NULL);
INSERT INTO "writes" VALUES(48,103,'send_invoice','shop_103',1,'2026-11-23T18:05:06.360000+00:00','2026-11-23T18:05:06.360000+00:00','2026-11-23T18:05:06+00:00','made','d7ab6e56-86ed-5508-ac7e-4460631743cc',NULL);
INSERT INTO "writes" VALUES(49,104,'add_line','paid',1,'2026-11-23T18:05:06.466000+00:00','2026-11-23T18:05:06.466000+00:00','2026-11-23T18:05:06+00:00','made','',NULL);
INSERT INTO "writes" VALUES(50,105,'send_invoice','shop_105',1,'2026-11-23T18:05:06.572000+00:00','2026-11-23T18:05:06.572000+00:00','2026-11-23T18:05:06+00:00','made','58a89374-aa24-5b79-88bf-73c4971f5274',NULL);
INSERT INTO "writes" VALUES(51,106,'send_invoice','shop_106',1,'2026-11-23T18:05:06.678000+00:00','2026-11-23T18:05:06.678000+00:00','2026-11-23T18:05:06+00:00','made','1d2213b6-8c16-5366-b813-4b95249625fc',NULL);
INSERT INTO "writes" VALUES(52,107,'send_invoice','shop_107',1,'2026-11-23T18:05:06.784000+00:00','2026-11-23T18:05:06.784000+00:00','2026-11-23T18:05:06+00:00','made','c70fbb72-461b-5109-9003-f924d61d5e5b',NULL);
INSERT INTO "writes" VALUES(53,108,'delete_draft','shop_108',1,'2026-11-23T18:05:06.890000+00:00','2026-11-23T18:05:06.890000+00:00','2026-11-23T18:05:06+00:00','made','',NULL);
INSERT INTO "writes" VALUES(54,109,'send_invoice','shop_109',1,'2026-11-23T18:05:06.996000+00:00','2026-11-23T18:05:06.996000+00:00','2026-11-23T18:05:06+00:00','made','d77cd4c6-285a-5538-8742-1730359993d3',NULL);
INSERT INTO "writes" VALUES(55,110,'delete_draft','shop_110',1,'2026-11-23T18:05:07.102000+00:00','2026-11-23T18:05:07.102000+00:00','2026-11-23T18:05:07+00:00','made','',NULL);
INSERT INTO "writes" VALUES(56,113,'send_invoice','shop_113',1,'2026-11-23T18:05:08.056000+00:00','2026-11-23T18:05:08.056000+00:00','2026-11-23T18:05:08+00:00','made','da848dc6-d913-575f-a019-bc92e57f8dba',NULL);
INSERT INTO "writes" VALUES(57,104,'send_invoice','shop_104',1,'2026-11-23T18:05:08.162000+00:00','2026-11-23T18:05:08.162000+00:00','2026-11-23T18:05:08+00:00','made','9a49dfad-f327-565e-8721-1bfee60e724a',NULL);
INSERT INTO "writes" VALUES(58,119,'send_invoice','shop_119',1,'2026-11-23T18:05:08.268000+00:00','2026-11-23T18:05:08.268000+00:00','2026-11-23T18:05:08+00:00','made','ce8036ae-fbd4-5f7a-933c-ff95a743034a',NULL);
INSERT INTO "writes" VALUES(59,120,'send_invoice','shop_120',1,'2026-11-23T18:05:08.374000+00:00','2026-11-23T18:05:08.374000+00:00','2026-11-23T18:05:08+00:00','made','cf26bca5-4dd6-54f6-b527-f087447cf1d4',NULL);
INSERT INTO "writes" VALUES(60,121,'send_invoice','shop_121',1,'2026-11-23T18:05:08.480000+00:00','2026-11-23T18:05:08.480000+00:00','2026-11-23T18:05:08+00:00','made','15faa083-19fe-5811-afa4-f1071e3773aa',NULL);
INSERT INTO "writes" VALUES(61,124,'create_delivery_address','woo2po-994f20de5b68973e24a2a42e7fa2f5be',1,'2026-11-23T18:05:08.586000+00:00','2026-11-23T18:05:08.586000+00:00','2026-11-23T18:05:08+00:00','made','800025',NULL);
INSERT INTO "writes" VALUES(62,131,'send_invoice','shop_131',1,'2026-11-23T18:05:08.692000+00:00','2026-11-23T18:05:08.692000+00:00','2026-11-23T18:05:08+00:00','made','fa105e34-91dd-5e25-bb99-c3d0101009d6',NULL);
INSERT INTO "writes" VALUES(63,124,'create_sales_order','shop_124',1,'2026-11-23T18:05:09.328000+00:00','2026-11-23T18:05:09.328000+00:00','2026-11-23T18:05:09+00:00','made','f211578c-5613-52bc-8aaa-07ff95670d79',NULL);
INSERT INTO "writes" VALUES(64,108,'create_sales_order','shop_108-2',1,'2026-11-23T18:10:10.388000+00:00','2026-11-23T18:10:10.388000+00:00','2026-11-23T18:10:10+00:00','made','008bc60c-f780-5381-bd71-fa5f2c55026d',NULL);
INSERT INTO "writes" VALUES(65,-10701,'create_sales_order','shop_107-c',1,'2026-11-23T18:10:11.342000+00:00','2026-11-23T18:10:11.342000+00:00','2026-11-23T18:10:11+00:00','made','434995d0-b569-59b3-8cd1-d4c31b56b237',NULL);
INSERT INTO "writes" VALUES(66,-10901,'create_sales_order','shop_109-c',1,'2026-11-23T18:10:11.554000+00:00','2026-11-23T18:10:11.554000+00:00','2026-11-23T18:10:11+00:00','made','feeeeb63-4d24-550e-bb3f-a68f56939adc',NULL);
INSERT INTO "writes" VALUES(67,134,'create_sales_order','shop_105-r134',1,'2026-11-23T18:10:11.766000+00:00','2026-11-23T18:10:11.766000+00:00','2026-11-23T18:10:11+00:00','made','a77ae9c2-a704-5e6d-978f-e988f4d6b9f7',NULL);
INSERT INTO "writes" VALUES(68,136,'create_sales_order','shop_119-r136',1,'2026-11-23T18:10:11.978000+00:00','2026-11-23T18:10:11.978000+00:00','2026-11-23T18:10:11+00:00','made','aeb08994-c0d0-5023-9e5c-2c62db7d16e1',NULL);
INSERT INTO "writes" VALUES(69,-10701,'send_invoice','shop_107-c',1,'2026-11-23T18:10:12.084000+00:00','2026-11-23T18:10:12.084000+00:00','2026-11-23T18:10:12+00:00','made','434995d0-b569-59b3-8cd1-d4c31b56b237',NULL);
INSERT INTO "writes" VALUES(70,137,'create_sales_order','shop_121-r137',1,'2026-11-23T18:10:12.190000+00:00','2026-11-23T18:10:12.190000+00:00','2026-11-23T18:10:12+00:00','made','b7e9186c-6c6d-52cc-9112-179c22ea314c',NULL);
INSERT INTO "writes" VALUES(71,-10901,'send_invoice','shop_109-c',1,'2026-11-23T18:10:12.296000+00:00','2026-11-23T18:10:12.296000+00:00','2026-11-23T18:10:12+00:00','made','feeeeb63-4d24-550e-bb3f-a68f56939adc',NULL);
INSERT INTO "writes" VALUES(72,134,'send_invoice','shop_105-r134',1,'2026-11-23T18:10:12.402000+00:00','2026-11-23T18:10:12.402000+00:00','2026-11-23T18:10:12+00:00','made','a77ae9c2-a704-5e6d-978f-e988f4d6b9f7',NULL);
INSERT INTO "writes" VALUES(73,136,'send_invoice','shop_119-r136',1,'2026-11-23T18:10:12.508000+00:00','2026-11-23T18:10:12.508000+00:00','2026-11-23T18:10:12+00:00','made','aeb08994-c0d0-5023-9e5c-2c62db7d16e1',NULL);
INSERT INTO "writes" VALUES(74,137,'send_invoice','shop_121-r137',1,'2026-11-23T18:10:12.720000+00:00','2026-11-23T18:10:12.720000+00:00','2026-11-23T18:10:12+00:00','made','b7e9186c-6c6d-52cc-9112-179c22ea314c',NULL);
INSERT INTO "writes" VALUES(75,109,'create_sales_order','shop_109-2',1,'2026-11-23T18:15:13.886000+00:00','2026-11-23T18:15:13.886000+00:00','2026-11-23T18:15:13+00:00','made','5cfb1594-20b5-51db-869c-8d0ce8d3f317',NULL);
INSERT INTO "writes" VALUES(76,123,'create_customer','woo-0f59463c60-mail-b51ccad8aabde52b8b23',1,'2026-11-24T08:15:14.946000+00:00','2026-11-24T08:15:14.946000+00:00','2026-11-24T08:15:14+00:00','made','5000024',NULL);
INSERT INTO "writes" VALUES(77,123,'create_sales_order','shop_123',1,'2026-11-24T08:15:15.052000+00:00','2026-11-24T08:15:15.052000+00:00','2026-11-24T08:15:15+00:00','refused','',NULL);
INSERT INTO "writes" VALUES(78,130,'send_invoice','shop_130',1,'2026-11-24T08:15:17.218000+00:00','2026-11-24T08:15:17.218000+00:00','2026-11-24T08:15:17+00:00','open','',NULL);
INSERT INTO "writes" VALUES(79,138,'create_sales_order','shop_131-r138',1,'2026-11-24T08:15:17.854000+00:00','2026-11-24T08:15:17.854000+00:00','2026-11-24T08:15:17+00:00','made','06b77c53-3514-56e5-b6e0-5896bab4ee8f',NULL);
INSERT INTO "writes" VALUES(80,138,'send_invoice','shop_131-r138',1,'2026-11-24T08:15:17.960000+00:00','2026-11-24T08:15:17.960000+00:00','2026-11-24T08:15:17+00:00','open','',NULL);
INSERT INTO "writes" VALUES(81,132,'send_invoice','shop_132',1,'2026-11-24T08:15:47.854000+00:00','2026-11-24T08:15:47.854000+00:00','2026-11-24T08:15:47+00:00','made','142008d6-1d40-50b1-a377-607ba454b9c1',NULL);
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
