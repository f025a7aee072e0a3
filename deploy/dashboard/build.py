"""Writes the Grafana dashboard: python -m deploy.dashboard.build."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from deploy.dashboard.panel import PODS, Panel, Query, series
from deploy.dashboard.rows import ROWS

FILE: Final = Path(__file__).parent / "upload-sidecar.json"
SOURCE: Final = {"type": "prometheus", "uid": "${datasource}"}
HEIGHT: Final = 7
COLUMNS: Final = 24

_FAILED: Final = series("config_reloads_total", 'result="failure"')
CHANGES: Final = (
    ("Configuration taken", f"{series('config_last_reload_success_timestamp_seconds')} * 1000", "blue", True),
    ("Mode changed", f"{series('mode_since_timestamp_seconds')} * 1000", "orange", True),
    ("Configuration refused", f"increase({_FAILED}[2m]) > 0", "red", False),
)
"""Title, query, colour, and whether the value is the time of the change."""


def dashboard() -> dict[str, Any]:
    """The whole of it."""
    return {
        "uid": "upload-sidecar",
        "title": "Upload sidecar",
        "description": "What the sidecar decides, how long it takes, and what runs out. Alerts: deploy/runbook.md.",
        "tags": ["upload-sidecar"],
        "schemaVersion": 39,
        "version": 1,
        "editable": True,
        "graphTooltip": 1,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "timezone": "browser",
        "templating": {"list": [_datasource(), *map(_variable, ("namespace", "pod", "route"))]},
        "annotations": {"list": [_annotation(*change) for change in CHANGES]},
        "panels": list(_panels()),
    }


def _datasource() -> dict[str, Any]:
    return {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus", "refresh": 1}


def _variable(name: str) -> dict[str, Any]:
    """One that is chosen from the values of a label; all of them at first."""
    metric, matchers = {
        "namespace": ("upload_sidecar_build_info", ""),
        "pod": ("upload_sidecar_build_info", '{namespace=~"$namespace"}'),
        "route": ("upload_sidecar_requests_total", f"{{{PODS}}}"),
    }[name]
    return {
        "name": name,
        "type": "query",
        "datasource": SOURCE,
        "query": {"query": f"label_values({metric}{matchers}, {name})", "refId": name},
        "refresh": 2,
        "sort": 1,
        "multi": True,
        "includeAll": True,
        "allValue": ".*",
        "current": {"text": ["All"], "value": ["$__all"]},
    }


def _annotation(name: str, expr: str, colour: str, is_time: bool) -> dict[str, Any]:  # noqa: FBT001 - a row of the table
    return {
        "name": name,
        "datasource": SOURCE,
        "enable": True,
        "expr": expr,
        "iconColor": colour,
        "titleFormat": f"{name}: {{{{namespace}}}}/{{{{pod}}}}",
        "useValueForTime": is_time,
    }


def _panels() -> Iterable[dict[str, Any]]:
    """Rows and panels, placed from left to right and from top to bottom."""
    number, top = 0, 0
    for row in ROWS:
        number += 1
        yield {
            "id": number,
            "type": "row",
            "title": row.title,
            "collapsed": False,
            "panels": [],
            "gridPos": _at(0, top, COLUMNS, 1),
        }
        left, top = 0, top + 1
        for panel in row.panels:
            if left + panel.width > COLUMNS:
                left, top = 0, top + HEIGHT
            number += 1
            yield _panel(panel, number, _at(left, top, panel.width, HEIGHT))
            left += panel.width
        top += HEIGHT


def _at(left: int, top: int, width: int, height: int) -> dict[str, int]:
    return {"x": left, "y": top, "w": width, "h": height}


def _panel(panel: Panel, number: int, place: dict[str, int]) -> dict[str, Any]:
    return {
        "id": number,
        "type": panel.kind,
        "title": panel.title,
        "description": panel.description,
        "datasource": SOURCE,
        "gridPos": place,
        "targets": [_target(query, index, panel) for index, query in enumerate(panel.queries)],
        "fieldConfig": {"defaults": _defaults(panel), "overrides": []},
        "options": _options(panel),
    }


def _target(query: Query, index: int, panel: Panel) -> dict[str, Any]:
    instant = query.instant or panel.kind == "stat"
    return {
        "refId": chr(ord("A") + index),
        "datasource": SOURCE,
        "expr": query.expr,
        "legendFormat": query.legend,
        "instant": instant,
        "range": not instant,
    }


def _defaults(panel: Panel) -> dict[str, Any]:
    """Unit, colours, words for values."""
    steps: list[dict[str, Any]] = [{"color": "green", "value": None}]
    if panel.red_above is not None:
        steps.append({"color": "red", "value": panel.red_above})
    words = {value: {"text": text} for value, text in panel.names}
    defaults: dict[str, Any] = {
        "unit": panel.unit,
        "min": 0,
        "thresholds": {"mode": "absolute", "steps": steps},
        "mappings": [{"type": "value", "options": words}] if words else [],
    }
    if panel.kind == "timeseries":
        stacking = "normal" if panel.stacked else "none"
        marks = "line" if panel.red_above is not None else "off"
        defaults["custom"] = {
            "drawStyle": "line",
            "fillOpacity": 20 if panel.stacked else 5,
            "showPoints": "never",
            "stacking": {"mode": stacking, "group": "A"},
            "thresholdsStyle": {"mode": marks},
        }
    return defaults


def _options(panel: Panel) -> dict[str, Any]:
    if panel.kind == "timeseries":
        legend = {"showLegend": True, "displayMode": "list", "placement": "bottom", "calcs": []}
        return {"legend": legend, "tooltip": {"mode": "multi", "sort": "desc"}}
    reduced: dict[str, Any] = {"calcs": ["lastNotNull"], "fields": "", "values": False}
    if panel.kind == "stat":
        return {"reduceOptions": reduced, "textMode": "value_and_name", "colorMode": "value", "graphMode": "none"}
    return {"reduceOptions": reduced, "orientation": "horizontal", "displayMode": "basic", "showUnfilled": True}


def text() -> str:
    """The file as it should be."""
    return json.dumps(dashboard(), indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(text())
    sys.stdout.write(f"{FILE.name} is made.\n")
