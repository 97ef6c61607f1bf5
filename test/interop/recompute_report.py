"""Recomputes what a report of `baton watch --html` shows from the raw rows, with nothing of Baton's code.

    recompute_report.py REPORT.html REPORT.json ROWS.parquet PROFILE.json LOGS EXPECTED.json TRAINING.parquet

ROWS are the rows that were asked about, with their labels in `late`; LOGS is the folder that --observe wrote; EXPECTED
holds {"time", "key", "label", "values": {feature: [...]}, "expected": {feature: [low, high]}} of the contract.
TRAINING are the rows of the reference: days are compared with those of the same day of the week.
Prints how many values were compared; exits with 1 and the first differences where there are any.
"""

import base64
import json
import sys
from datetime import datetime, timezone
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

html_file, json_file, rows_file, profile_file, logs, expected_file, training_file = map(Path, sys.argv[1:])
differences, compared = [], 0


def same(what, ours, theirs, tolerance=0.0):
    """Counts a comparison; nan equals nan."""
    global compared
    compared += 1
    ours, theirs = float(ours), float(theirs)
    equal = (np.isnan(ours) and np.isnan(theirs)) or abs(ours - theirs) <= tolerance
    if not equal:
        differences.append(f"{what}: recomputed {ours!r}, the report says {theirs!r}")


class Page(HTMLParser):
    """The embedded data, and the text of every table that has an id."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.data, self._table, self._cell, self._in_data = {}, "", None, None, False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "script":
            self._in_data = found.get("id") == "data"
        if tag == "table" and found.get("id"):
            self._table = self.tables.setdefault(found["id"], [])
        if tag == "tr" and self._table is not None:
            self._table.append([])
        if tag in ("td", "th") and self._table is not None:
            self._cell = []

    def handle_endtag(self, tag):
        if tag == "script":
            self._in_data = False
        if tag == "table":
            self._table = None
        if tag in ("td", "th") and self._cell is not None:
            self._table[-1].append("".join(self._cell))
            self._cell = None

    def handle_data(self, text):
        if self._in_data:
            self.data += text
        if self._cell is not None:
            self._cell.append(text)

    def table(self, name):
        head, *body = self.tables[name]
        return pd.DataFrame(body, columns=head)


def shares(text):
    steps = np.frombuffer(base64.b64decode(text), dtype="<u2").astype(float)
    return np.where(steps == 0xFFFF, np.nan, steps / 10_000)


def counts(text):
    found, value, place = [], 0, 1
    for byte in base64.b64decode(text):
        value += (byte & 127) * place
        place *= 128
        if byte < 128:
            found.append(value)
            value, place = 0, 1
    return np.array(found)


def jensen_shannon(p, q):
    """Distance in base 2."""

    def divergence(a, m):
        held = a > 0
        return np.sum(a[held] * np.log2(a[held] / m[held]))

    p, q = p / p.sum(), q / q.sum()
    m = (p + q) / 2
    return np.sqrt(max(0.0, (divergence(p, m) + divergence(q, m)) / 2))


def roc_auc(labels, scores):
    """Mann-Whitney: the share of pairs that are in order, ties half."""
    ranks = pd.Series(scores).rank().to_numpy()
    positives = labels.sum()
    negatives = len(labels) - positives
    if positives == 0 or negatives == 0:
        return np.nan
    return (ranks[labels].sum() - positives * (positives + 1) / 2) / (positives * negatives)


contract = json.loads(expected_file.read_text())
page = Page(html_file.read_text(encoding="utf8"))
data, printed = json.loads(page.data), json.loads(json_file.read_text())
profile = json.loads(profile_file.read_text())
table = pq.read_table(rows_file)
training = pq.read_table(training_file)
day_ms = data["windowMs"]


def days_of(one):
    """Start of each row's day, in milliseconds since 1970."""
    times = one[contract["time"]].to_pandas().astype("datetime64[ms, UTC]").astype("int64").to_numpy()
    return times // day_ms * day_ms


def weekday_of(days):
    """Monday is 0."""
    known = {day: datetime.fromtimestamp(day / 1000, timezone.utc).weekday() for day in np.unique(days).tolist()}
    return np.array([known[day] for day in days.tolist()])


def cells_of(cells, values):
    """Counter of each row, how many there are, which stand for missing; with the numbers of numeric columns."""
    null = values.is_null().to_numpy()
    if cells["kind"] == "numeric":
        numbers = values.to_numpy().astype(float)
        held = len(cells["starts"])
        cell = np.searchsorted(np.array(cells["starts"], dtype=float), numbers, side="right")
        cell = np.where(null | np.isnan(numbers), held + 1, cell)
        return cell, held + 3, [held + 1, held + 2], numbers
    known = {value: number for number, value in enumerate(cells["values"])}
    other = len(known)
    cell = np.array([other + 1 if value is None else known.get(str(value), other) for value in values.to_pylist()])
    return cell, other + 2, [other + 1], None


windows = days_of(table)
training_weekdays = weekday_of(days_of(training))
starts = np.array(data["windows"]["start"])
place = {start: at for at, start in enumerate(starts)}
at = np.array([place[window] for window in windows])
size = len(starts)
weekdays = weekday_of(starts)

# Rows, and rows that the contract's lists of values reject.
rows = np.bincount(at, minlength=size)
rejected = np.zeros(table.num_rows, dtype=bool)
for feature, allowed in contract["values"].items():
    rejected |= ~np.isin(np.array(table[feature].to_pylist(), dtype=object).astype(str), allowed)
answered = np.bincount(at[~rejected], minlength=size)
shown = page.table("window-table")
for window in range(size):
    same(f"rows of window {window}", rows[window], data["windows"]["rows"][window])
    same(f"answered of window {window}", answered[window], data["windows"]["answered"][window])
    same(f"rows in the table, {window}", rows[window], shown["Rows"][window].replace(",", ""))
    same(f"answered in the table, {window}", answered[window], shown["Answered"][window].replace(",", ""))

# Every feature on the cells of the profile, from the raw rows.
columns = {column["clause"]: column for column in data["columns"]}
places = {column["clause"]: index for index, column in enumerate(printed["windows"][0]["columns"])}
features = page.table("feature-table").set_index("Clause")
for index, cells in enumerate(profile["features"]["cells"]["columns"]):
    clause = f"features.{cells['name']}"
    column = columns[clause]
    null = table[cells["name"]].is_null().to_numpy()
    cell, number_of_cells, absent, numbers = cells_of(cells, table[cells["name"]])
    counted = np.zeros((size, number_of_cells), dtype=int)
    np.add.at(counted, (at, cell), 1)
    assert data["grouped"] == 1
    seen = counts(column["counts"]).reshape(size, number_of_cells)
    trained, *_ = cells_of(cells, training[cells["name"]])
    references = np.zeros((7, number_of_cells))
    np.add.at(references, (training_weekdays, trained), 1)
    told_references = counts(column["matching"]).reshape(size, number_of_cells)
    for number, count in enumerate(profile["features"]["counters"]["columns"][index]["counts"]):
        same(f"reference of {clause}, cell {number}", references[:, number].sum(), count)
    missing, distances = counts(column["missing"]), shares(column["distance"])
    for window in range(size):
        reference = references[weekdays[window]]
        for number in range(number_of_cells):
            same(f"reference of {clause}, window {window}, {number}", reference[number], told_references[window, number])
            same(f"{clause}, window {window}, cell {number}", counted[window, number], seen[window, number])
        same(f"missing of {clause}, window {window}", counted[window, absent].sum(), missing[window])
        told = printed["windows"][window]["columns"][places[clause]]["distances"].get("distances")
        if told:
            distance = jensen_shannon(reference, counted[window].astype(float))
            same(f"JS of {clause}, window {window}", distance, told["jensenShannon"], 1e-9)
            same(f"JS of {clause} in the page, window {window}", distance, distances[window], 0.5001e-4)
        else:
            same(f"JS of {clause} cannot be told, window {window}", np.nan, distances[window])
    if "other" in column:
        for window, number in enumerate(counts(column["other"])):
            same(f"other of {clause}, window {window}", counted[window, -2], number)
    if "outside" in column:
        low, high = contract["expected"][cells["name"]]
        beyond = ~null & ((numbers < np.float32(low)) | (numbers > np.float32(high)))
        for window, number in enumerate(counts(column["outside"])):
            same(f"outside of {clause}, window {window}", beyond[at == window].sum(), number)
    worst = column["worst"]
    same(f"farthest of {clause}", np.nanmax(distances), distances[worst])
    reference = references[weekdays[worst]]
    printed_distance = jensen_shannon(reference, counted[worst].astype(float))
    same(f"JS of {clause} in the table", printed_distance, features["JS distance"][clause], 0.5001e-4)

# ROC AUC of each day, from the logs of answers and the labels.
logged = pd.concat(pd.read_parquet(file) for file in sorted(logs.glob("*.predictions.parquet")))
logged = logged[logged["answered"]].set_index("key")
labels = table.select([contract["key"], contract["label"]]).to_pandas().set_index(contract["key"])[contract["label"]]
joined = logged.join(labels, how="inner")
score = next(name for name in logged.columns if name.startswith("output."))
(metric,) = [metric for metric in data["performance"]["metrics"] if metric["name"] == "roc_auc"]
performance = page.table("performance-table")
for start, group in joined.groupby(joined["event_time_ms"] // day_ms * day_ms):
    window = place[start]
    same(f"labelled of window {window}", len(group), data["performance"]["labelled"][window])
    if data["performance"]["maturity"][window] != "m":
        continue
    auc = roc_auc(group[contract["label"]].astype(bool).to_numpy(), group[score].to_numpy())
    told = metric["values"][window]
    same(f"ROC AUC of window {window}", auc, np.nan if told is None else told, 1e-9)
    text = performance["roc_auc"][window].split(" ")[0]
    same(f"ROC AUC in the table, window {window}", auc, np.nan if text == "–" else text, 0.5001e-4)

print(json.dumps({"compared": compared, "differences": len(differences)}))
if differences:
    print("\n".join(differences[:20]), file=sys.stderr)
    sys.exit(1)
