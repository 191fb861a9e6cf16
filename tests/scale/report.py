# SPDX-License-Identifier: Apache-2.0
"""The tables of docs/scale.md."""

NODES = (100, 1000, 5000)
SCRAPE_SECONDS = 30  # of the plan for many nodes
HEAD_HOURS = 3  # for which Prometheus keeps a series that ended in memory, at most


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"


def size(count):
    for unit, factor in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= factor:
            return f"{count / factor:.1f} {unit}" if count < 100 * factor else f"{count / factor:.0f} {unit}"
    return f"{count:.0f} B"


def optional(value, form):
    return "" if value is None else format(value, form)


def costs(rows):
    """What a series and a sample cost, by what is scraped and by server. CPU time relative to the first row."""
    first = rows[0].cpu
    return table(
        ["what is scraped", "server", "series", "bytes a series, live", "bytes a series, resident", "bytes a sample", "bytes of index a series",
         "CPU s per million samples", "of the first"],
        [[row.trial, row.engine, f"{row.series:,.0f}", optional(row.heap, ",.0f"), f"{row.resident:,.0f}", f"{row.chunks:.2f}", optional(row.index, ",.0f"),
          f"{row.cpu:.1f}", f"{row.cpu / first:.2f}"] for row in rows])


def churn(outcome, rows, ledgers):
    found = outcome["churn"]
    lines = [
        ["pods that were restarted / in seconds", f"{found['restarts']} / {found['seconds']}"],
        ["series of a pod, with those that are recorded, in one Prometheus / with recent peaks, too",
         f"{found['series']:.0f} / {found['series with recent peaks']:.0f}"],
        ["series an hour with 1,000 restarts an hour (extrapolated)", f"{found['series'] * 1000:,.0f} / {found['series with recent peaks'] * 1000:,.0f}"],
        ["owners in the ledgers of all hosts then", f"{found['owners']:,.0f}"],
    ]
    lines += [[f"{row.engine}: bytes of memory of a series that ended", f"{row.churned:,.0f}"] for row in rows if row.churned is not None]
    for (retention, is_killed), (before, after, ended) in ledgers.items():
        what = "killed for memory and restarted" if is_killed else "restarted"
        more = [later - earlier for earlier, later in zip(before, after)]
        lines.append([f"{ended} pods of one host {what}, `oom.retention` {retention}: owners / samples / resident bytes more, for each pod",
                      " / ".join(f"{value / ended:,.1f}" for value in more)])
    return table(["churn", "measured"], lines)


def equality(outcome, compared):
    lines = []
    for kind, what in compared.items():
        for each in outcome[kind]:
            lines.append([each.name, what, each.asked, each.nonempty, f"{each.series:,}", len(each.different)])
    count, missing, more = outcome["alerts"]
    lines.append(["alerts of both shards", "pending and firing", count, count, count, len(missing) + len(more)])
    return table(["set-up", "what is compared", "queries", "with an answer", "series", "different"], lines)


def usage(outcome):
    return table(["server", "resident", "series", "CPU s per million samples"],
                 [[name, size(resident), f"{outcome['series'].get(name, 0):,.0f}" if name in outcome["series"] else "", optional(cpu, ".1f")]
                  for name, (resident, cpu) in outcome["cost"].items()])


def plan(rows, samples, per_restart):
    """For many nodes, with the newest server of each kind. `samples`: by what is scraped, how many a node of 300 cgroups has in a scrape. Only those and the rates are measured."""
    lines = []
    newest = {(row.trial, row.engine.split()[0]): row for row in rows if row.trial in samples}
    for row in newest.values():
        for nodes in NODES:
            series = samples[row.trial] * nodes
            rate = series / SCRAPE_SECONDS
            disk = rate * 86400 * row.chunks + (row.index or 0) * series * (12 if row.engine.startswith("Prometheus") else 1)
            ended = per_restart * 1000 * HEAD_HOURS * (row.churned or 0)
            lines.append([row.trial, row.engine, f"{nodes:,}", f"{series / 1e6:,.2f} million", f"{rate:,.0f}", size(series * row.resident),
                          size(ended) if row.churned else "", size(disk), f"{rate / 1e6 * row.cpu:.2f}"])
    return table(["what is scraped", "server", "nodes", "series", "samples/s", "memory", "more with 1,000 restarts an hour", "disk per day", "cores"], lines)
