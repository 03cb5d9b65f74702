"""Names of the employee record that the emulator does not keep: it refuses them instead of forgetting a value.

From the REST API Browser, record/v1, release 2026.1, definition `employee`
(https://system.netsuite.com/help/helpcenter/en_US/APIs/REST_API_Browser/record/v1/2026.1/index.html#tag-employee).
"""

from typing import Final

_SUBLISTS: Final = """
    accruedtime addressbook campaigns companycontribution corporatecards currencylist deduction directdepositlist
    earning emergencycontact empperms formw2 hcmposition hreducation rates subscriptionmessagehistory
    subscriptions
"""
_FIELDS: Final = """
    adpid aliennumber altname approvallimit authworkdate autoname basewage basewagetype billingclass birthdate
    bonustarget bonustargetcomment bonustargetpayfrequency bonustargettype btemplate changedetails
    commissionpaymentpreference concurrentwebservicesuser conflictresults currency customform defaultaddress
    defaultbillingaddress defaultjobresourcerole defaultshippingaddress defaultacctcorpcardexp
    defaultexpensereportcurrency directdeposit driverslicensenumber effectivedatemode eligibleforcommission
    empcenterqty empcenterqtymax employeecertificate employeechangereason employeeftestatus employeestatus
    employeetype enabledeductionlimits ethnicity fulluserqty fulluserqtymax gender i9verified image inheritiprules
    ipaddressrule isempcenterqtyenforced isfulluserqtyenforced isretailuserqtyenforced job jobemploymentcategory
    jobid laborcategory lastpaiddate maritalstatus overridecatchupamount overridecatchupcheckbox
    overrideelectivedeferralamount overrideelectivedeferralcheckbox overtimepolicy passportnumber payfrequency
    phoneticname purchaseorderapprovallimit purchaseorderapprover rate residentstatus retailuserqty retailuserqtymax
    salesrole socialsecuritynumber startdatetimeoffcalc targetutilization template terminationbydeath
    terminationcategory terminationdetails terminationreason terminationregretted timeapprover timeoffplan
    unsubscribe useperquest usetimedata visaexpdate visatype wasempcenterhasaccess wasfulluserhasaccess wasinactive
    wasretailuserhasaccess workcalendar workassignment workplace
"""
NOT_KEPT: Final = frozenset((_SUBLISTS + _FIELDS).split())
