"""Where the shop is found, how it lets us in, and who never gets to see the keys."""

import asyncio
import logging
import traceback
from typing import Any

import httpx
import pytest
from shop_desk import KEY, SECRET, answering, at

from woo2po.http import CannotLogIn, NotUnderstood
from woo2po.messages import remedy
from woo2po.sandbox.shop import ShopSite
from woo2po.woocommerce import Shop


@pytest.fixture
def site():
    """Return a shop with one order."""
    site = ShopSite(consumer_key=KEY, consumer_secret=SECRET)
    site.load_recorded(["b2c-vipps-simple"])
    return site


# Where the shop is


@pytest.mark.parametrize("url", ["https://shop.example/butikk", "https://shop.example/butikk/"])
def test_a_shop_in_a_folder_is_found(site, url):
    """The folder stands before /wp-json, with or without a slash in the configuration."""
    site.subfolder = "/butikk"
    assert len(at(site, url).reads()) == 1


def test_a_shop_with_plain_permalinks_is_found_once_and_remembered(site):
    """After one page instead of an answer the other form of address is used for good."""
    site.misbehaviour.plain_permalinks = True
    trial = at(site)
    assert len(trial.reads(times=3)) == 1
    assert trial.shop.route_style == "plain"
    assert [asked.path for asked in site.requests] == ["/wp-json/wc/v3/orders", "/", "/", "/"]


def test_what_an_earlier_run_found_out_saves_the_attempts(site):
    """A remembered form of address and of login is used from the first request."""
    site.misbehaviour.plain_permalinks = site.misbehaviour.swallow_authorization = True

    async def read() -> list[Any]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(site.app)) as http:
            shop = Shop(http, "https://shop.example", KEY, SECRET)
            shop.route_style, shop.keys_in_query = "plain", True
            return await shop.orders([30], [])

    assert len(asyncio.run(read())) == 1
    assert len(site.requests) == 1


@pytest.mark.parametrize(
    ("target", "code", "facts"),
    [
        ("https://www.shop.example", "shop_moved", {"url": "https://www.shop.example"}),
        ("https://other.example", "shop_moved_elsewhere", {"other": "other.example"}),
        ("https://shop.example", "shop_redirects", {"path": "/wp-json/wc/v3/orders"}),
    ],
)
def test_keys_are_not_sent_on(site, target, code, facts):
    """A redirect is told of with the right address, and nobody else gets the keys."""
    site.misbehaviour.redirect = target
    error = at(site).fails()
    assert (type(error), error.code) == (NotUnderstood, code)
    assert facts.items() <= error.facts.items()
    assert len(site.requests) == 1


def test_a_redirect_tells_the_address_to_write_or_a_login_page(site):
    """The secure one, folder and all; a plugin that sends strangers away is no move."""
    site.misbehaviour.redirect = "https://shop.example"
    error = at(site, "http://shop.example/butikk").fails()
    assert error.facts["url"] == "https://shop.example/butikk"
    error = answering(httpx.Response(302, headers={"Location": "/wp-login.php?to=x"})).fails()
    assert (error.code, error.facts["path"]) == ("shop_redirects", "/wp-login.php")


# Keys


def test_a_wrong_secret_and_an_unknown_key_differ(site):
    """One is copied anew, the other is made anew."""
    assert at(site, consumer_secret="cs_no").fails().code == "shop_wrong_secret"
    assert at(site, consumer_key="ck_no").fails().code == "shop_unknown_key"


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("permissions", "write", "shop_key_no_read"),  # no wrong key, but the wrong right
        ("user_may_view", False, "shop_user_no_rights"),  # the user behind it needs the role
    ],
)
def test_a_key_that_may_not_read_is_told_apart(site, name, value, code):
    """Each has its remedy."""
    setattr(site, name, value)
    error = at(site).fails()
    assert (type(error), error.code) == (CannotLogIn, code)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Forbrukerhemmeligheten er ugyldig.", "shop_wrong_secret"),
        ("API-nøkkelen har ikke tillatelse til å lese.", "shop_key_no_read"),
        ("Noe helt annet.", "shop_login_refused"),
    ],
)
def test_a_norwegian_shop_is_understood_too(text, code):
    """WooCommerce has one code for two faults, and its words follow the shop's language."""
    body = {"code": "woocommerce_rest_authentication_error", "message": text, "data": {}}
    assert answering(httpx.Response(401, json=body)).fails().code == code


def test_a_web_server_that_loses_the_header_gets_the_keys_in_the_address(site):
    """Over https the keys may stand in the address, which is found out once."""
    site.misbehaviour.swallow_authorization = True
    trial = at(site)
    assert len(trial.reads(times=2)) == 1
    assert trial.shop.keys_in_query
    assert [SECRET in asked.query for asked in site.requests] == [False, True, True]


def test_keys_never_stand_in_an_address_without_encryption(site):
    """Over http the remedy is the web server's setting, not the address."""
    site.misbehaviour.swallow_authorization = True
    assert at(site, "http://127.0.0.1").fails().code == "shop_key_not_seen"
    assert not any("consumer_" in asked.query for asked in site.requests)
    assert "SetEnvIf Authorization" in remedy("shop_key_not_seen", "en")


def test_a_wrong_key_in_the_address_is_not_remembered(site):
    """Only what worked is kept."""
    trial = at(site, consumer_key="ck_no")
    trial.fails()
    assert not trial.shop.keys_in_query


@pytest.mark.parametrize(
    "failure",
    [httpx.ReadTimeout("t"), httpx.ConnectError("c"), httpx.Response(500), httpx.Response(404)],
)
def test_no_secret_is_in_an_error_or_a_log(failure, caplog):
    """Neither text nor traceback nor the HTTP library's own log tells a key."""
    caplog.set_level(logging.DEBUG)
    no_access = {"code": "woocommerce_rest_cannot_view", "message": "", "data": {"status": 401}}
    error = answering(httpx.Response(401, json=no_access), failure).fails()
    told = "".join(traceback.format_exception(error)) + repr(error.facts) + caplog.text
    assert "consumer_secret" not in told
    assert KEY not in told
    assert SECRET not in told
