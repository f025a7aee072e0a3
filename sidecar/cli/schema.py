"""`schema`: the JSON schema of the configuration file."""

import argparse
import json
import sys

from sidecar.cli.config_file import settings_of_checks
from sidecar.cli.exit_codes import ExitCode
from sidecar.policy.loading.schema import json_schema


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = subparsers.add_parser(
        "schema",
        help="JSON schema of the configuration, for editors",
        description="Write the JSON schema of the configuration file, with the settings of all checks in it.",
        epilog="An editor with a YAML language server completes and checks the file if it begins with\n"
        "  # yaml-language-server: $schema=schema.json\n\n"
        "example: upload-sidecar schema > schema.json",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001 - every command takes its arguments
    """Write the schema to standard output."""
    sys.stdout.write(schema_text())
    return ExitCode.CLEAN


def schema_text() -> str:
    """The schema as it stands in `config/schema.json`."""
    return json.dumps(json_schema(settings_of_checks()), indent=2) + "\n"
