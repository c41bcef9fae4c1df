"""Nearest neighbours and the projection, against small cases worked out by hand and slow plain forms."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from llmtrace.embedding import NEAREST, POINTS, largest, lengths, mapped, nearest, project
from llmtrace.loading import LoadedModel
from llmtrace.products import products
from llmtrace.trace import Array, Trace


def neighbours(table: Array, tokens: Array, count: int = NEAREST) -> tuple[Array, Array]:
    """Of each token: ids and cosines, both (T, N)."""
    rows, sizes = torch.from_numpy(table), lengths(table)
    pairs = zip(tokens, products(rows, rows[tokens]), strict=True)
    ids, cosines = zip(*(nearest(int(token), dots, sizes, count) for token, dots in pairs), strict=True)
    return np.stack(ids), np.stack(cosines)


def test_neighbours_by_hand() -> None:
    table = np.array([[1, 0], [2, 0], [3, 4], [0, 5], [-1, 0], [0, 0]], dtype=np.float32)
    ids, cosines = neighbours(table, np.array([0, 5, 0]), count=5)
    assert ids[0].tolist() == [1, 2, 3, 5, 4]
    np.testing.assert_allclose(cosines[0], [1, 0.6, 0, 0, -1])
    assert ids[1].tolist() == [0, 1, 2, 3, 4]  # a row of zeros points nowhere: all tie, in the order of ids
    assert cosines[1].tolist() == [0, 0, 0, 0, 0]
    assert ids[2].tolist() == ids[0].tolist()


def test_a_small_vocabulary_has_fewer_neighbours() -> None:
    ids, cosines = neighbours(np.eye(3, dtype=np.float32), np.array([1]))
    assert ids.tolist() == [[0, 2]]
    assert cosines.tolist() == [[0, 0]]
    assert neighbours(np.ones((1, 2), dtype=np.float32), np.array([0]))[0].shape == (1, 0)


def test_neighbours_of_a_real_embedding(bundled: LoadedModel, trace: Trace) -> None:
    table = bundled.model.transformer.wte.weight.detach().numpy().astype(np.float64)
    table /= np.linalg.norm(table, axis=1)[:, None]
    for position, token in enumerate(trace["tokens"]):
        cosine = table @ table[token]
        cosine[token] = -2
        assert trace["neighbours.token"][position].tolist() == np.argsort(-cosine)[:NEAREST].tolist()
        np.testing.assert_allclose(
            trace["neighbours.cosine"][position], np.sort(cosine)[::-1][:NEAREST], atol=1e-6
        )


def test_more_tokens_than_are_compared_at_a_time() -> None:
    table = np.random.default_rng(0).standard_normal((300, 5)).astype(np.float32)
    tokens = np.random.default_rng(1).integers(0, 300, 200)
    ids, cosines = neighbours(table, tokens, 3)
    for position in (0, 63, 64, 130, 199):
        alone = neighbours(table, tokens[position : position + 1], 3)
        assert ids[position].tolist() == alone[0][0].tolist()
        np.testing.assert_allclose(cosines[position], alone[1][0], atol=1e-6)


@pytest.mark.parametrize("size", [1, 255, 256, 257, 1030])
def test_products_of_tables_of_any_size(size: int) -> None:
    torch.manual_seed(size)
    table, rows = torch.randn(size, 6), torch.randn(70, 6)
    found = np.stack(list(products(table, rows)))
    np.testing.assert_allclose(found, (rows.double() @ table.double().T).numpy(), atol=1e-5)
    assert list(products(table, rows[:0])) == []


@pytest.mark.parametrize("count", [0, 1, 3, 6])
def test_largest(count: int) -> None:
    values = np.array([2.0, 5.0, 2.0, 7.0, 2.0, -np.inf])
    assert largest(values, count).tolist() == [3, 1, 0, 2, 4, 5][:count]


def test_nan_is_among_the_largest_only_where_nothing_else_is_left() -> None:
    values = np.array([np.nan, 5.0, np.nan, 7.0])
    assert largest(values, 1).tolist() == [3]
    assert largest(values, 3).tolist() == [3, 1, 0]
    assert largest(values, 4).tolist() == [3, 1, 0, 2]


def test_the_map_takes_each_once_and_neighbours_last() -> None:
    near = np.array([[30, 31], [2, 40], [30, 31]])
    assert mapped(np.array([5, 1, 5]), np.array([9, 1]), near).tolist() == [5, 1, 9, 30, 2, 31, 40]


def test_a_long_prompt_leaves_room_for_the_other_points() -> None:
    tokens, near = np.arange(300), np.arange(1000, 1600).reshape(300, 2)
    ids = mapped(tokens, np.array([900, 901]), near)
    assert len(ids) == POINTS
    assert ids.tolist()[: POINTS // 2 + 2] == [*range(POINTS // 2), 900, 901]
    assert set(ids[POINTS // 2 + 2 :]) <= set(near[: POINTS // 2, 0])


def test_projection_of_points_on_a_line() -> None:
    rows = np.array([[0, 0, 1], [3, 4, 1], [6, 8, 1]], dtype=np.float32)
    found = project(rows)
    np.testing.assert_allclose(found["mean"], [3, 4, 1])
    np.testing.assert_allclose(found["axis"], [[0.6, 0.8, 0]], atol=1e-7)  # one direction: one component
    np.testing.assert_allclose(found["point"], [[-5], [0], [5]], atol=1e-6)
    np.testing.assert_allclose(found["explained"], [1])


def test_projection_is_that_of_the_singular_vectors() -> None:
    rows = np.random.default_rng(0).standard_normal((40, 12)).astype(np.float32) * np.arange(1, 13)
    found = project(rows.astype(np.float32))
    centred = rows - rows.mean(0)
    _, sizes, vectors = np.linalg.svd(centred, full_matrices=False)
    for ours, theirs in zip(found["axis"], vectors, strict=False):
        assert ours[np.abs(ours).argmax()] > 0
        np.testing.assert_allclose(ours * np.sign(ours @ theirs), theirs, atol=1e-5)
    np.testing.assert_allclose(found["explained"], (sizes**2 / (sizes**2).sum())[:3], rtol=1e-5)
    np.testing.assert_allclose(found["point"].var(0) / centred.var(0).sum(), found["explained"], rtol=1e-5)


def test_signs_do_not_depend_on_the_signs_of_the_rows() -> None:
    rows = np.random.default_rng(0).standard_normal((10, 6)).astype(np.float32)
    np.testing.assert_allclose(project(rows)["axis"], project(-rows)["axis"], atol=1e-6)


def test_one_row_and_equal_rows_have_no_direction() -> None:
    for rows in (np.ones((1, 4)), np.ones((5, 4))):
        found = project(rows.astype(np.float32))
        assert found["point"].shape == (len(rows), 0)
        assert found["explained"].shape == (0,)
