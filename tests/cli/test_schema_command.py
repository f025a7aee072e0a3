import json

from sidecar.inspection.catalogue import all_checks


def test_the_schema_is_json_with_every_check_in_it(cli):
    done = cli("schema")
    assert (done.code, done.err) == (0, "")
    _, named, _ = json.loads(done.out)["$defs"]["Policy"]["properties"]["checks"]["anyOf"]
    assert set(named["properties"]) == set(all_checks())
