"""What else `netsuite-rest` shows in its manual: the metadata catalog."""

from tests.clients.conftest import NodeClient, Stage
from tests.clients.test_netsuite_rest import job


def test_it_reads_the_catalog_and_follows_its_links(stage: Stage, node: NodeClient) -> None:
    (listed,) = node("netsuite_rest.js", job(stage, stage.reader, {"path": "record/v1/metadata-catalog/"}))

    (employee,) = [item for item in listed["body"]["items"] if item["name"] == "employee"]
    address = f"{stage.emulator.url}/services/rest/record/v1/metadata-catalog/employee"
    assert ("canonical", address) in {(link["rel"], link["href"]) for link in employee["links"]}
