# SPDX-License-Identifier: Apache-2.0
"""Grafana's JSON for a dashboard: what all panels have in common is said here once.

In queries @ stands for the selectors of the dashboard's variables. Thresholds are names of deploy/prometheus/thresholds.yml.
"""

import string

from rules import THRESHOLDS

SOURCE = {"type": "prometheus", "uid": "${datasource}"}
HOSTS = 'cluster=~"$cluster", job=~"$job", instance=~"$instance"'
TAG = "cgroup2-exporter"
COLORS = ["green", "orange", "red"]
SIZES = {"stat": (4, 4), "timeseries": (12, 8), "bargauge": (12, 9), "table": (24, 9)}


def variable(name, query, all_value=".*"):
    return {
        "type": "query", "name": name, "label": name.capitalize(), "datasource": SOURCE, "definition": query,
        "query": {"query": query, "refId": name}, "refresh": 2, "sort": 1, "multi": True, "includeAll": True, "allValue": all_value,
        "current": {"selected": True, "text": ["All"], "value": ["$__all"]},
    }


DATASOURCE = {"type": "datasource", "name": "datasource", "label": "Data source", "query": "prometheus", "refresh": 1}
HOST_VARIABLES = [
    DATASOURCE,
    variable("cluster", "label_values(cgroup_exporter_build_info, cluster)"),
    variable("job", 'label_values(cgroup_exporter_build_info{cluster=~"$cluster"}, job)', ".+"),
    variable("instance", 'label_values(cgroup_exporter_build_info{cluster=~"$cluster", job=~"$job"}, instance)', ".+"),
]


def threshold_steps(names):
    values = [None] + [THRESHOLDS[name] for name in names]
    colors = COLORS if len(values) == 3 else [COLORS[0], COLORS[2]] if len(values) == 2 else COLORS[:1]
    return {"mode": "absolute", "steps": [{"color": color, "value": value} for color, value in zip(colors, values)]}


def panel(kind, title, description, unit, queries, thresholds=(), custom=None, options=None, **more):
    """`queries` are (expression, legend). Keys of `more` go on the panel."""
    is_moment = kind in ("bargauge", "table")
    moment = {"instant": True, "range": False, "format": "table" if kind == "table" else "time_series"}
    targets = [
        {"refId": ref, "datasource": SOURCE, "expr": expr, "legendFormat": legend, **(moment if is_moment else {"range": True})}
        for ref, (expr, legend) in zip(string.ascii_uppercase, queries)
    ]
    defaults = {
        "unit": unit, "min": 0, "thresholds": threshold_steps(thresholds),
        "color": {"mode": "palette-classic" if kind == "timeseries" else "thresholds"}, "custom": custom or {},
    }
    return {
        "type": kind, "title": title, "description": description, "datasource": SOURCE, "targets": targets, "interval": "30s",
        "fieldConfig": {"defaults": defaults, "overrides": []}, "options": options or {}, **more,
    }


def lines(title, description, unit, *queries, thresholds=(), stacked=False, bars=False):
    custom = {
        "drawStyle": "bars" if bars else "line", "lineWidth": 1, "fillOpacity": 60 if bars else 30 if stacked else 5, "showPoints": "never",
        "stacking": {"mode": "normal" if stacked or bars else "none", "group": "A"},
        "thresholdsStyle": {"mode": "dashed" if thresholds else "off"},
    }
    options = {
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True}, "tooltip": {"mode": "multi", "sort": "desc"},
    }
    return panel("timeseries", title, description, unit, queries, thresholds, custom, options)


def stat(title, description, unit, query, thresholds=()):
    options = {"reduceOptions": {"calcs": ["lastNotNull"]}, "colorMode": "value", "graphMode": "area"}
    return panel("stat", title, description, unit, [(query, "")], thresholds, options=options)


def ranking(title, description, unit, query, legend, thresholds=(), links=()):
    options = {"orientation": "horizontal", "displayMode": "basic", "reduceOptions": {"calcs": ["lastNotNull"]}}
    made = panel("bargauge", title, description, unit, [(f"sort_desc(topk(10, {query}))", legend)], thresholds, options=options)
    made["fieldConfig"]["defaults"]["links"] = list(links)
    return made


def table(title, description, unit, queries, hidden=()):
    """A row per label set. `queries` are (expression, head of its column)."""
    heads = {f"Value #{ref}" if len(queries) > 1 else "Value": head for ref, (_, head) in zip(string.ascii_uppercase, queries)}
    columns = {"excludeByName": {name: True for name in ("Time", "__name__", "cluster", "job", *hidden)}, "renameByName": heads}
    return panel(
        "table", title, description, unit, queries, options={"sortBy": [{"displayName": queries[0][1], "desc": True}]},
        transformations=[{"id": "merge", "options": {}}, {"id": "organize", "options": columns}],
    )


def with_column_unit(made, column, unit):
    """The table with a unit of its own for one column."""
    made["fieldConfig"]["overrides"].append(
        {"matcher": {"id": "byName", "options": column}, "properties": [{"id": "unit", "value": unit}]})
    return made


def placed(rows):
    """Panels from left to right, row by row, each row under its title."""
    top, number, result = 0, 1, []
    for title, panels in rows:
        result.append({"type": "row", "title": title, "id": number, "collapsed": False, "panels": [],
                       "gridPos": {"x": 0, "y": top, "w": 24, "h": 1}})
        top, left, height, number = top + 1, 0, 0, number + 1
        for each in panels:
            width, high = SIZES[each["type"]]
            if left + width > 24:
                top, left, height = top + height, 0, 0
            result.append(each | {"id": number, "gridPos": {"x": left, "y": top, "w": width, "h": high}})
            left, height, number = left + width, max(height, high), number + 1
        top += height
    return result


def dashboard(name, title, description, rows, selector=HOSTS, variables=()):
    panels = placed(rows)
    for each in panels:
        for target in each.get("targets", []):
            target["expr"] = target["expr"].replace("@", selector)
    return {
        "uid": f"cgroup2-{name}", "title": f"cgroup2 / {title}", "description": description, "tags": [TAG], "schemaVersion": 39, "version": 1,
        "editable": False, "graphTooltip": 1, "refresh": "30s", "time": {"from": "now-1h", "to": "now"}, "timezone": "browser",
        "links": [{"type": "dashboards", "tags": [TAG], "title": "cgroup2", "asDropdown": False, "includeVars": True, "keepTime": True}],
        "templating": {"list": HOST_VARIABLES + list(variables)}, "annotations": {"list": []}, "panels": panels,
    }
