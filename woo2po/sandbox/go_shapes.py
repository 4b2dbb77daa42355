"""The objects of PowerOffice Go that the sandbox knows, from the interface description."""

from woo2po.sandbox.go_wire import Shape

UNITS = "EA|HUR|KGM|LTR|MTR|MTK|DAY|MON|SET|PR|GRM|XPK|BX|KMT|MTQ|TNE|MLT|HLT|CMT|NAR"
VOUCHER_TYPES = (
    "OutgoingInvoice|OutgoingCreditNote|BankJournal|CashJournal|ManualJournal|ReversalVoucher"
)
DELIVERY = "PdfByEmail|Print|EHF|AvtaleGiro|External|Efaktura|Factoring"
DIMENSION_IDS = "DepartmentId int64; ProjectId int64; LocationId int64"
DIMENSIONS = f"""{DIMENSION_IDS}; DepartmentCode text post; ProjectCode text post
LocationCode text post; Dim1Id int64; Dim2Id int64; Dim3Id int64
Dim1Code text post; Dim2Code text post; Dim3Code text post"""
STAMPS = "CreatedDateTimeOffset moment ro; LastChangedDateTimeOffset moment ro"

ADDRESS = Shape(
    """Id int64 ro; AddressLine1 text:200; AddressLine2 text:200; ZipCode text:50 !
City text:100 !; CountryCode text; ExternalCode text:50; LastChangedDateTimeOffset moment ro"""
)
DELIVERY_ADDRESS = Shape(
    f"""Id int64 ro; ContactId int64 ro; AddressLine1 text:200; AddressLine2 text:200
ZipCode text:50 !; City text:100 !; CountryCode text; ExternalCode text:50
IsPrimary bool post; {STAMPS}"""
)
CUSTOMER = Shape(
    f"""Id int64 ro; Number int64; Name text; FirstName text; LastName text; IsPerson bool
LegalName text; OrganizationNumber text; EmailAddress text; PhoneNumber text; WebsiteUrl text
InvoiceEmailAddress text; InvoiceEmailAddressCC text:2000; InvoiceDeliveryType enum:{DELIVERY}
PaymentReminderEmailAddress text; ReminderDeliveryType enum:PdfByEmail|Print
NoticeOfDebtCollectionDeliveryType enum:PdfByEmail|Print
ExternalImportReference text:50; ExternalNumber int64; CurrencyCode text
PaymentTerm int32 post; PaymentTermId int64; DepartmentId int64; DepartmentCode text post
DeliveryTermId int64; DeliveryTerm text post; InvoiceBrandingThemeId int64
InvoiceBrandingThemeCode text post; SalesPersonEmployeeId int64; BillableRate number
SalesPersonEmployeeNumber int64 post; ContactGroupIds list; Allowance number
CustomerSince date; DateOfBirth date; NationalIdNumber text
SendPaymentReminders bool; UseInvoiceFee bool; TransferToDebtCollectionAgency bool
DoNotAutomatePaymentNotifications bool; DoNotAddLatePaymentFees bool
DoNotAddLatePaymentInterest bool; IsVatFree bool; IsArchived bool; IsActive bool ro
SubledgerAccountId int64 ro; MailAddress object; ContactCreatedDateTimeOffset moment ro
CustomerCreatedDateTimeOffset moment ro; LastChangedDateTimeOffset moment ro"""
)
_DIMENSION = f"Id int64 ro; Code text; Name text; IsActive bool; {STAMPS}"
DEPARTMENT = Shape(_DIMENSION)
PROJECT = Shape(_DIMENSION)
LOCATION = Shape(_DIMENSION)
SALES_ACCOUNTS = """StandardSalesAccountId int64; StandardSalesAccount int64 post
OptionalSalesAccountId int64; OptionalSalesAccount int64 post"""
PRODUCT = Shape(
    f"""Id int64 ro; Code text:100; Name text:400 !; Description text; Gtin text
ProductType enum:Product|Service; UnitOfMeasureCode enum:{UNITS}; UnitPrice number
UnitCost number; ProductGroupId int64; ProductGroupCode text post; {SALES_ACCOUNTS}
IsStockItem bool; StockOnHand number; StockAvailable number ro; IsArchived bool; {STAMPS}"""
)
PRODUCT_GROUP = Shape(
    f"""Id int64 ro; Code text:200; Name text:400; Description text
ProductType enum:Product|Service; UnitPrice number; {SALES_ACCOUNTS}; IsArchived bool; {STAMPS}"""
)
ACCOUNT = Shape(
    """Id int64 ro; AccountNo int64 ro; Name text; VatCode text ro; VatCodeId int32
IsActive bool; IsVatCodeLocked bool; IsDepartmentRequired bool; IsProjectRequired bool
GeneralLedgerAccountType enum:Asset|Liability|Equity|Income|Expense; CurrencyCode text
DepartmentId int64; DepartmentCode text ro; LastChangedDateTimeOffset moment ro"""
)
VAT_CODE = Shape(
    """Id int64 ro; Code text ro; Name text ro; Rate number ro; IsActive bool ro
IsCustom bool ro; ValidFrom date ro; ValidTo date ro"""
)
LINE = Shape(
    f"""Id uuid ro; SalesOrderId uuid ro; SortOrder int32
LineType enum:Normal|Text|Summary|InvoiceFee|TotalHours; ProductId int64; ProductCode text post
Description text; Quantity number; UnitOfMeasureCode enum:{UNITS}; ProductUnitPrice number
ProductUnitCost number; Allowance number; UseStandardSalesAccount bool
SellersReferenceEmployeeId int64; SellersReferenceEmployeeNo int64 post
ExternalImportReference text; NetAmount number ro; VatAmount number ro; TotalAmount number ro
VatCode text ro; VatId int32 ro; VatRate number ro; {DIMENSIONS}"""
)
ORDER = Shape(
    f"""Id uuid ro; SalesOrderNo int64 ro; CustomerId int64; CustomerNo int64 post
SalesOrderStatus enum:Draft|Confirmed; SalesOrderDate date; DeliveryDate date
PaymentTerm int32 post; PaymentTermId int64; CurrencyCode text; CurrencyExchangeRate number
ImportedOrderNo int64; ExternalImportReference text; CustomMatchingReference text
CustomerReference text; CustomerReferenceContactPersonId int64; ContractNo text
PurchaseOrderReference text; RelatedInvoiceNo int64; BrandingThemeId int64
BrandingThemeCode text post
DeliveryTermId int64; DeliveryTerm text post; ContactDeliveryAddressId int64
SalesPersonEmployeeId int64; SalesPersonEmployeeNumber int64 post; NetAmount number ro
TotalAmount number ro; LineCount int64 ro; IsCreatedByCurrentIntegration bool ro
{DIMENSIONS}; {STAMPS}"""
)
ORDER_POST = Shape(
    "SalesOrderLines list\n"
    + "\n".join(
        f"{p.name} {'enum:' + '|'.join(p.choices) if p.choices else p.kind}"
        for p in ORDER.properties.values()
        if not p.read_only
    )
)
SEND = Shape(
    """DeliveryType enum:PdfByEmail|PdfPrintForDownload|Auto; EmailAddress text
VoucherDate date; OverrideDueDate date"""
)
SENT_STATE = Shape(
    f"""Id uuid ro; IsInvoiceBeingProcessed bool ro; SentDateTimeOffset moment ro
InvoiceNo int64 ro; DueDate date ro; InvoiceDeliveryType enum:{DELIVERY} ro
LastErrorMessage text ro"""
)
INVOICE = Shape(
    f"""Id uuid ro; InvoiceNo int64 ro; VoucherNo int64 ro
VoucherType enum:OutgoingInvoice|OutgoingCreditNote ro; VoucherDate date ro; DueDate date ro
OrderNo int64 ro; OrderDate date ro; DeliveryDate date ro; CustomerId int64 ro
CustomerNo int64 ro; ImportedOrderNo int64 ro; ExternalImportReference text ro
CustomMatchingReference text ro; CustomerReference text ro; PurchaseOrderReference text ro
ContractNo text ro; RelatedInvoiceNo int64 ro; CurrencyCode text ro
CurrencyExchangeRate number ro; NetAmount number ro; TotalAmount number ro
NetPostedAmount number ro; TotalPostedAmount number ro; Balance number ro; MatchId int64 ro
BalanceLastChangedDateTimeOffset moment ro; InvoiceDeliveryType enum:{DELIVERY} ro
SentDateTimeOffset moment ro; IsReversed bool ro; IsCreatedByCurrentIntegration bool ro
PaymentTerm int32 ro; DeliveryAddress1 text ro; DeliveryAddress2 text ro
DeliveryAddressZipCode text ro; DeliveryAddressCity text ro; DeliveryAddressCountryCode text ro
DepartmentId int64 ro; DepartmentCode text ro; ProjectId int64 ro; ProjectCode text ro
LocationId int64 ro; LocationCode text ro; {STAMPS}"""
)
INVOICE_LINE = Shape(
    f"""Id int64 ro; SortOrder int32 ro; LineType enum:Normal|Text|Summary|InvoiceFee|TotalHours ro
ProductId int64 ro; ProductCode text ro; Description text ro; Quantity number ro
UnitOfMeasureCode enum:{UNITS} ro; ProductUnitPrice number ro; Allowance number ro
AccountId int64 ro; AccountNo int64 ro; NetAmount number ro; VatAmount number ro
TotalAmount number ro; NetPostedAmount number ro; TotalPostedAmount number ro; VatCode text ro
VatId int32 ro; VatRate number ro; ExternalImportReference text ro
DepartmentId int64 ro; DepartmentCode text ro"""
)
VOUCHER = Shape(
    """Id uuid ro; VoucherNo int64 ro; VoucherDate date !; CurrencyCode text:3 !; Description text
ExternalImportReference text; ImportedVoucherNo int64; SaftBatchId text:35; SaftSourceId text:35
IsReversed bool ro; VoucherLines list; CreatedDateTimeOffset moment ro"""
)
_VOUCHER_LINE = f"""Id int64 ro; AccountId int64 !; PostingDate date !; VatId int32 !
CurrencyAmount number; CurrencyCode text; CurrencyExchangeRate number; Description text
CustomMatchingReference text; ExternalLineReference text; {DIMENSION_IDS}
Dim1Id int64; Dim2Id int64; Dim3Id int64; ProductId int64; Quantity number; Quantity2 number
CreatedDateTimeOffset moment ro"""
CASH_LINE = Shape(_VOUCHER_LINE)
BANK_LINE = Shape(_VOUCHER_LINE + "; InvoiceNo text; Cid text:25")
ENTRY = Shape(
    f"""Id int64 ro; CustomerId int64 ro; CustomerAccountNo int64 ro; CustomerName text ro
VoucherId uuid ro; VoucherNo int64 ro; VoucherType enum:{VOUCHER_TYPES} ro; VoucherDate date ro
PostingDate date ro; DueDate date ro; Amount number ro; Balance number ro
CurrencyAmount number ro; CurrencyCode text ro; MatchId int64 ro; InvoiceNo text ro
CustomMatchingReference text ro; ExternalImportReference text ro
IsCreatedByCurrentIntegration bool ro; IsWriteOff bool ro; {STAMPS}"""
)
TRANSACTION = Shape(
    f"""Id int64 ro; VoucherId uuid ro; VoucherNo int64 ro; VoucherType enum:{VOUCHER_TYPES} ro
VoucherDate date ro; PostingDate date ro; AccountNo int64 ro; Amount number ro
CurrencyAmount number ro; CurrencyCode text ro; Description text ro; VatCode text ro
VatRate number ro; VatAmount number ro; IsReversed bool ro"""
)
