"""Carries out a job with `netsuite-python`, whose module hides that of `netsuite`: python … JOB RESULTS."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any


def main(job: dict[str, Any]) -> list[Any]:
    from netsuite import Netsuite  # noqa: PLC0415 - an import error is to be the first thing said
    from netsuite.swagger_client import Configuration  # noqa: PLC0415 - as above
    from netsuite.swagger_client.rest import ApiException  # noqa: PLC0415 - as above

    # What it is told by options of its own, where other clients read the environment.
    configuration = Configuration()
    configuration.proxy, configuration.ssl_ca_cert = job["proxy"], job["authority"]
    Configuration.set_default(configuration)
    client = Netsuite(config=job["config"])

    def query(text: str, **page: int) -> Any:
        return client.QUERY_CLIENT.query_api.execute_query(text, **page)

    calls: dict[str, Callable[..., Any]] = {
        "token": lambda: bool(client.request_access_token().access_token),
        "query": query,
        "recordtypes": client.get_netsuite_recordtypes,
    }
    results = []
    for name, arguments, options in job["calls"]:
        try:
            results.append(calls[name](*arguments, **options))
        except ApiException as error:
            results.append({"status": error.status, "body": json.loads(error.body)})
    return results


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(main(json.loads(Path(sys.argv[1]).read_text("utf-8")))), "utf-8")
