"""Who comes in streamed logs: the couriers of the frame as often as ever, and everybody else from a crowd that grows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.simulate.stream.traffic import Traffic
from pipeline.simulate.visits import GROUPS, POOL
from pipeline.simulate.weather import N_DAYS
from pipeline.simulate.world import World

MOST = 9_990_000  # telephone numbers 1009xxxxxxx, invented ones only


@dataclass(frozen=True)
class Crowd:
    """Persons by number: the frame first, then the others, station by station and group by group.

    `frame_share` station × (courier, rider): chance that a visit is by somebody of the frame; `frame_steps` their
    cumulated chances, row i from i to i + 1; `first` and `size` station × group: the numbers of the others;
    `uses_app`, `phone` and `open_id` per person (bytes; a phone may be blank)."""

    frame_share: np.ndarray
    frame_steps: np.ndarray
    first: np.ndarray
    size: np.ndarray
    uses_app: np.ndarray
    phone: np.ndarray
    open_id: np.ndarray


def build_crowd(world: World, traffic: Traffic, n_visits: float, rng: np.random.Generator) -> Crowd:
    """The persons behind n visits: the frame keeps the habits that the surveys tell of, one of the others comes every
    few days to the same station."""
    figures, capture = world.assumptions["streamed_logs"], world.assumptions["capture"]
    last = traffic.share[:, -N_DAYS:].mean(axis=1) * n_visits  # visits a day of every station
    usual = world.assumptions["visits"]["mean_per_station_day"] * world.stations.n
    steps, known = _frame_steps(world)
    frame_share = known * min(1.0, usual / last.sum())
    shares = np.array([world.assumptions["users"][group] for group in GROUPS])
    outside = np.ones((world.stations.n, len(GROUPS)))
    outside[:, :2] -= frame_share
    size = last[:, None] * shares / shares.sum() * outside * figures["days_between_visits"]
    size = np.maximum(np.ceil(size * min(1.0, MOST / max(size.sum(), 1))), POOL).astype(np.int64)
    n_frame, n = world.people.table.height, int(size.sum())
    first = n_frame + np.concatenate([[0], np.cumsum(size.ravel())[:-1]]).reshape(size.shape)
    limit = np.repeat([capture["app_couriers"], capture["app_others"]], [n_frame, n])
    for group in (0, 1):  # couriers and riders from outside use the mini-program like those of the frame
        for at, many in zip(first[:, group], size[:, group], strict=True):
            limit[at : at + many] = capture["app_couriers"]
    phone, open_id = _names(world, n)
    return Crowd(frame_share, steps, first, size, rng.random(n_frame + n) < limit, phone, open_id)


def _frame_steps(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Cumulated pull of every person, row station × 2 + group; and whether anybody of the group is drawn there."""
    table = world.people.table
    rows, known = [], np.zeros((world.stations.n, 2))
    for station in range(world.stations.n):
        for number, code in enumerate(GROUPS[:2]):
            pull = np.where(table["user_group"] == code, table["visit_rate"], 0.0) * world.people.pull[:, station]
            known[station, number] = pull.sum() > 0
            steps = np.cumsum(pull) / max(pull.sum(), 1e-300)
            steps[steps >= steps[-1]] = 1.0
            rows.append(steps + len(rows))
    return np.concatenate(rows), known


def _names(world: World, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Phones and account ids of the frame and of n others; one in six of the others left no number."""
    table = world.people.table
    digits = _digits(np.arange(n), 9)
    phone = np.zeros((n, 11), dtype=np.uint8)
    phone[:, :4], phone[:, 4:] = np.frombuffer(b"1009", np.uint8), digits[:, 2:]
    phone[np.arange(n) % 6 == 5] = 0
    open_id = np.zeros((n, 14), dtype=np.uint8)
    open_id[:, :5], open_id[:, 5:] = np.frombuffer(b"oSIMx", np.uint8), digits
    phones = [text.encode() for text in table["phone"]]
    ids = [text.encode() for text in table["open_id"]]
    return (
        np.concatenate([np.array(phones, dtype="S11"), phone.view("S11").ravel()]),
        np.concatenate([np.array(ids, dtype="S14"), open_id.view("S14").ravel()]),
    )


def _digits(numbers: np.ndarray, width: int) -> np.ndarray:
    """Numbers as rows of ASCII digits with leading noughts."""
    powers = 10 ** np.arange(width - 1, -1, -1)
    return (numbers[:, None] // powers % 10 + ord("0")).astype(np.uint8)
