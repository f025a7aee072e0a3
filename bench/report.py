"""From measured rows to medians, ratios and a table."""

import statistics
from typing import Any

REFERENCE = "nginx buffering"
Row = dict[str, Any]


def medians(rows: list[Row]) -> list[Row]:
    """One row for each peer and scenario, and its rate against the reference in the same rounds."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["scenario"], row["peer"]), []).append(row)
    table = []
    for group in groups.values():
        good = [row for row in group if "failed" not in row]
        if not good:
            table.append(group[0])
            continue
        numbers = {key for row in good for key, value in row.items() if isinstance(value, int | float)}
        table.append(good[0] | {key: statistics.median(row[key] for row in good if key in row) for key in numbers})
    rates = {(row["scenario"], row["peer"]): row.get("rate") for row in table}
    for row in table:
        reference = rates.get((row["scenario"], REFERENCE))
        if reference and row.get("rate"):
            row["ratio"] = row["rate"] / reference
    return table


def show(table: list[Row], rounds: int) -> None:
    """The figures as a table for people."""
    print(f"\n{rounds} round(s), medians; ratio: rate against {REFERENCE}")
    print("peak MB: of all processes, looked at every 50 ms, pages that they share counted once")
    for scenario in dict.fromkeys(row["scenario"] for row in table):
        rows = [row for row in table if row["scenario"] == scenario]
        unit = next((row["unit"] for row in rows if "unit" in row), "")
        heads = (
            (unit, 10),
            ("ratio", 8),
            ("p50 ms", 10),
            ("p99 ms", 10),
            ("CPU s/GB", 10),
            ("/1000", 8),
            ("peak MB", 9),
        )
        print(
            f"\n{scenario:<34}" + "".join(f"{head:>{width}}" for head, width in (*heads, ("disk MB", 9), ("errors", 8)))
        )
        for row in rows:
            if "failed" in row:
                print(f"  {row['peer']:<32} failed: {row['failed'][:80]}")
                continue
            print(
                f"  {row['peer']:<32}{row['rate']:>10.0f}{_cell(row, 'ratio', 8, 2)}{row['p50'] * 1000:>10.2f}"
                f"{row['p99'] * 1000:>10.2f}{_cell(row, 'cpu_s_per_gb', 10, 2)}{_cell(row, 'cpu_s_per_1000', 8, 2)}"
                f"{_cell(row, 'peak_mb', 9, 0)}{_cell(row, 'written_mb', 9, 0)}{row['errors']:>8.0f}"
            )


def _cell(row: Row, key: str, width: int, digits: int) -> str:
    return f"{row[key]:>{width}.{digits}f}" if key in row else " " * width


def troubles(rows: list[Row]) -> list[str]:
    """What went wrong in measured rows of the sidecar, whose figures then count for nothing; of any round."""
    return [
        f"{row['peer']}: {row['scenario']}, {row.get('failed') or _counted(row['errors'])}"
        for row in rows
        if row["peer"].startswith("sidecar") and ("failed" in row or row["errors"])
    ]


def _counted(errors: int) -> str:
    return f"{errors} error{'' if errors == 1 else 's'}"


def show_troubles(rows: list[Row]) -> int:
    """Tell them in one line at the end; the exit code."""
    found = troubles(rows)
    if found:
        print(f"\nthe sidecar refused or lost requests, and these figures count for nothing: {'; '.join(found)}")
    return 1 if found else 0
