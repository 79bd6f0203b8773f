"""The table of cases: sorted by a click, filtered by words and choices, all of it in the address."""

TABLE = "cases/index.html"


def titles(page) -> list[str]:
    """Of the rows that are shown, from the top."""
    rows = page.locator("table.cases.all tbody tr:visible th")
    return [text.strip() for text in rows.all_text_contents()]


def test_a_click_on_a_column_sorts_by_it_and_the_next_one_turns_it_round(visit, root):
    page = visit(f"{root}{TABLE}")
    page.locator("thead button", has_text="Title").click()
    up = titles(page)
    assert up == sorted(up, key=str.lower)
    assert page.locator('th[aria-sort="ascending"]').text_content().strip() == "Title"
    page.locator("thead button", has_text="Title").click()
    assert titles(page) == up[::-1]
    assert page.locator("th[aria-sort]").count() == 1


def test_dates_begin_with_the_newest_and_what_has_none_stands_last(visit, wiki):
    page = visit(f"{wiki.http}{TABLE}")
    page.locator("thead button", has_text="Last").click()
    column = page.locator("thead th").all_text_contents().index("Last") + 1
    days = page.locator(f"tbody tr :nth-child({column} of th, td)").all_text_contents()
    known = [day for day in days if day]
    assert known == sorted(known, reverse=True)
    assert days[len(known) :] == [""] * (len(days) - len(known))


def test_words_filter_titles_functions_and_files(visit, root):
    page = visit(f"{root}{TABLE}")
    every = titles(page)
    page.locator(".filter input").fill("sysrq.c")
    found = titles(page)
    assert 0 < len(found) < len(every)
    assert page.locator("output").text_content() == f"{len(found)} of {len(every)} shown"
    page.locator(".filter input").fill("no such case")
    assert titles(page) == []


def test_choices_narrow_together_and_the_address_keeps_them(visit, wiki):
    page = visit(f"{wiki.http}{TABLE}")
    page.locator('select[name="status"]').select_option("Open")
    page.locator('select[name="kind"]').select_option("NULL dereference")
    page.locator("thead button", has_text="Title").click()
    found = titles(page)
    assert found
    page.reload()
    assert titles(page) == found
    assert page.locator('select[name="status"]').input_value() == "Open"
    assert page.locator("th[aria-sort]").count() == 1


def test_a_choice_that_no_longer_exists_is_no_choice(visit, wiki):
    page = visit(f"{wiki.http}{TABLE}?status=Gone&by=nothing")
    assert len(titles(page)) > 5


def test_all_of_it_is_done_with_the_keyboard(visit, wiki):
    page = visit(f"{wiki.http}{TABLE}")
    page.locator(".filter input").focus()
    for _ in range(len(page.locator(".filter select").all()) + 1):
        page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.tagName") != "BUTTON":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("th[aria-sort]").count() == 1


def test_on_a_phone_a_case_has_its_title_in_one_line_and_the_rest_below(visit, wiki):
    page = visit(f"{wiki.http}{TABLE}", width=390)
    row = page.locator("table.cases.all tbody tr").first
    title = row.locator("th").bounding_box()
    assert title["width"] > 350
    rest = [one.bounding_box() for one in row.locator("td:visible").all()]
    assert len(rest) == 3, "status, count and last"
    assert {box["y"] for box in rest} == {title["y"] + title["height"]}
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.locator("thead button", has_text="Last").click()
    page.locator(".filter input").fill("sysrq.c")
    assert 0 < page.locator("tbody tr:visible").count() < page.locator("tbody tr").count()


def test_without_scripts_the_table_is_whole_and_lists_lead_on(visit, root):
    page = visit(f"{root}{TABLE}", javascript=False)
    assert len(titles(page)) > 5
    assert not page.locator(".filter").is_visible()
    page.locator(".browse a", has_text="kinds").click()
    assert "kinds/index.html" in page.url
