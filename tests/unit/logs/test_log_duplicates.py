"""What counts once: the same id, the same person within the window, a batch sent again — and what does not."""

from __future__ import annotations

from itertools import permutations

from tests.unit.logs.log_room import Room, events

PHONE = "19000000001"


def twins(result) -> list[tuple]:
    found = result.fates.filter(result.fates["fate"] == "duplicate")
    return found.select("source_file_id", "source_row", "reason_code", "kept_row").rows()


def scan(number: str, clock: str, person: str = PHONE, station: str = "S001", outcome: str = "成功") -> tuple:
    return (number, station, f"2023-05-14 {clock}", person, "快递员", outcome)


def test_the_same_row_twice_counts_once(room: Room) -> None:
    result = room.load(room.lock("a", [scan("L1", "08:00:00"), scan("L1", "08:00:00")]))
    assert twins(result) == [("a", 3, "duplicate_row", "a::2")]
    assert result.ledger.select("n_read", "n_clean", "n_duplicate").row(0) == (2, 1, 1)


def test_a_batch_sent_again_counts_once_whatever_the_order_of_files(room: Room) -> None:
    first = room.lock("a", [scan("L1", "08:00:00"), scan("L2", "09:00:00"), scan("L3", "10:00:00")])
    again = room.lock("b", [scan("L2", "09:00:00"), scan("L3", "10:00:00"), scan("L4", "11:00:00")])
    third = room.lock("c", [scan("L3", "10:00:00")])
    orders = list(permutations([first, again, third]))
    results = [room.load(*orders[i]) for i in (0, 3, 4, 5)]  # each file first, each last, and all reversed
    assert twins(results[0]) == [
        ("b", 2, "resent_batch", "a::3"), ("b", 3, "resent_batch", "a::4"), ("c", 2, "resent_batch", "a::4"),
    ]  # fmt: skip
    for other in results[1:]:
        assert other.fates.equals(results[0].fates) and other.ledger.equals(results[0].ledger)
        assert events(other).equals(events(results[0]))


def test_withdrawing_a_file_revives_its_twins(room: Room) -> None:
    first, again = room.lock("a", [scan("L1", "08:00:00")]), room.lock("b", [scan("L1", "08:00:00")])
    assert events(room.load(first, again))["source_file_id"].to_list() == ["a"]
    assert events(room.load(again))["source_file_id"].to_list() == ["b"]


def test_one_person_at_one_door_within_two_minutes_is_one_visit(room: Room) -> None:
    rows = [scan("L1", "08:00:00"), scan("L2", "08:01:59"), scan("L3", "08:03:59"), scan("L4", "08:06:00")]
    result = room.load(room.lock("a", rows))
    assert twins(result) == [("a", 3, "repeated_scan", "a::2"), ("a", 4, "repeated_scan", "a::2")]
    assert events(result)["event_id"].to_list() == ["L1", "L4"]


def test_other_people_stations_and_outcomes_are_other_visits(room: Room) -> None:
    rows = [
        scan("L1", "08:00:00"), scan("L2", "08:00:00", "19000000002"), scan("L3", "08:00:00", station="S002"),
        scan("L4", "08:00:00", outcome="拒绝"),
    ]  # fmt: skip
    assert twins(room.load(room.lock("a", rows))) == []


def test_a_row_that_names_nobody_is_nobodys_twin(room: Room) -> None:
    rows = [
        scan("L1", "08:00:00", ""),
        scan("L2", "08:00:00", ""),
        scan("L3", "08:00:00", "无"),
        scan("L4", "08:00:00", "190****0001"),
    ]
    assert twins(room.load(room.lock("a", rows))) == []


def test_a_serial_number_that_each_device_counts_for_itself_is_no_duplicate(room: Room) -> None:
    rows = [
        ("1", "S001", "2023-05-14 08:00:00", "", "", ""), ("1", "S002", "2023-05-14 08:00:00", "", "", ""),
        ("1", "S001", "2023-05-16 08:00:00", "", "", ""),
    ]  # fmt: skip
    assert twins(room.load(room.lock("a", rows))) == []


def test_the_same_id_with_another_time_of_the_day_is_the_same_event(room: Room) -> None:
    rows = [scan("L1", "08:00:30"), scan("L1", "08:00:00"), scan("L1", "17:00:00")]
    assert twins(room.load(room.lock("a", rows))) == [
        ("a", 2, "duplicate_key", "a::3"), ("a", 4, "duplicate_key", "a::3"),
    ]  # fmt: skip


def test_the_row_kept_is_itself_kept(room: Room) -> None:
    rows = [scan("L1", "08:00:00"), scan("L2", "08:01:00"), scan("L2", "08:05:00")]
    result = room.load(room.lock("a", rows))
    assert twins(result) == [("a", 3, "repeated_scan", "a::2"), ("a", 4, "duplicate_key", "a::2")]


def test_a_door_scan_and_a_use_of_the_same_person_are_two_things(room: Room) -> None:
    door = room.lock("a", [scan("E1", "08:00:00")])
    use = room.app(
        "b", [{"id": "E1", "st": "S001", "svc": "water", "ts": "2023-05-14T00:00:00Z", "openid": PHONE, "ev": "use"}]
    )
    result = room.load(door, use)
    assert twins(result) == []
    assert events(result)["event_kind_code"].to_list() == ["entry", "use"]


def test_the_same_ids_in_two_areas_are_two_events(room: Room) -> None:
    import polars as pl

    from tests.unit.logs.log_room import STATIONS

    other = STATIONS.with_columns(area_code=pl.lit("XX"), station_id=pl.col("station_id").str.replace("QC", "XX"))
    first, second = room.lock("a", [scan("L1", "08:00:00")]), room.lock("b", [scan("L1", "08:00:00")])
    second = type(second)(second.path, second.source, "XX", second.source_file_id)
    result = room.load(first, second, stations=pl.concat([STATIONS, other]))
    assert twins(result) == []
    assert events(result)["station_id"].to_list() == ["QC-S001", "XX-S001"]


def test_anonymous_rows_sent_again_are_matched_one_to_one(room: Room) -> None:
    def line(clock: str) -> tuple:
        return ("东门暖心驿站", "2023-05-14", clock, "", "", "骑手", "充电", "1", "")

    first = room.register("a", [line("8:03"), line("8:03"), line("9:00"), line("")])
    again = room.register("b", [line("8:03"), line("9:00"), line("10:00"), line("")])
    assert twins(room.load(again, first)) == [("b", 2, "resent_batch", "a::2"), ("b", 3, "resent_batch", "a::4")]


def test_a_person_is_known_however_the_number_is_written(room: Room) -> None:
    writings = [
        PHONE,
        "190 0000 0001",
        "190-0000-0001",
        "+8619000000001",
        "19000000001.0",
        "１９０００００００００１",
        "1９000000001/无",
    ]
    rows = [scan(f"L{i}", "08:00:00", person) for i, person in enumerate(writings)]
    result = room.load(room.lock("a", rows))
    assert len(twins(result)) == 5  # all but the first, and the sixth, which has one digit too many
