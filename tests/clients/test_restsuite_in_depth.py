"""What else `restsuite` can do: records made and removed."""

import restsuite

from tests.clients.conftest import EMPLOYEE, Stage
from tests.clients.test_restsuite import signed_in


def test_it_makes_and_removes_a_record(stage: Stage) -> None:
    rest = signed_in(restsuite.NetSuiteRest, stage.admin)
    new = {"firstName": "Noor", "lastName": "Haddad", "email": "noor.haddad@example.com", "subsidiary": {"id": "1"}}

    made = rest.request("POST", EMPLOYEE, body=new)

    assert made.status_code == 204
    address = made.headers["Location"]
    assert rest.request("GET", address).json()["email"] == "noor.haddad@example.com"
    assert rest.request("DELETE", address).status_code == 204
    assert rest.request("GET", address).status_code == 404
