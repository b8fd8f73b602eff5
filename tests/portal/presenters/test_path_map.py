"""The geometry of the map."""

from portal.presenters.path_map import TaskOnMap, draw_map


def test_draw_map__many_paths__shows_three_boxes_and_counts_the_rest() -> None:
    drawing = draw_map([TaskOnMap("fooddb", "PostgreSQL", "foodsearch", "", [f"data/{n}/" for n in range(9)])])
    assert [node.label for node in drawing.nodes if node.text_style == "path"] == ["data/0/", "data/1/", "and 7 more"]


def test_draw_map__two_tasks_of_one_source__draws_the_source_once_with_two_flows() -> None:
    tasks = [TaskOnMap("fooddb", "", name, "", ["data/x/"], paused=name == "b") for name in ("a", "b")]
    drawing = draw_map(tasks)
    assert [node.label for node in drawing.nodes].count("fooddb") == 1
    assert [flow.paused for flow in drawing.flows].count(True) == 2
    assert "task b (paused)" in drawing.words


def test_draw_map__any_tasks__keeps_every_box_inside_the_picture() -> None:
    drawing = draw_map([TaskOnMap(f"s{n}", "", f"t{n}", "", ["data/x/"] * n) for n in range(5)])
    assert all(node.y >= 0 and node.y + node.height <= drawing.height for node in drawing.nodes)
    assert all(node.x + node.width <= drawing.width for node in drawing.nodes)


def test_draw_map__no_tasks__draws_nothing() -> None:
    assert draw_map([]).nodes == []
