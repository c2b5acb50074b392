"""/start, /help, /lang and words nobody expected."""


async def test_a_stranger_is_greeted_with_the_first_step(stranger):
    said = await stranger.asks("/start")
    assert "Stan Doe" in said
    assert "link your OpenPAI account" in said
    assert said.buttons == ["Link my account", "Help"]


async def test_a_member_is_greeted_with_what_comes_next(ann):
    said = await ann.asks("/start")
    print(said.text, said.buttons)
