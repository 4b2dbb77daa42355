"""Where the shop is found, how it lets us in, and what comes of it instead of orders."""

import socket
import ssl

import hosts
import httpx
import pytest
from hosts import page
from shop_desk import KEY, SECRET, SHOP, Trial, answer, answering

from woo2po.http import CannotLogIn, NeverLeft, NoAnswer, NotUnderstood
from woo2po.http.engine import date_of
from woo2po.messages import remedy
from woo2po.sandbox.shop import ShopSite
from woo2po.woocommerce import UnknownStatus


@pytest.fixture
def site():
    """Return a shop with one order."""
    site = ShopSite(consumer_key=KEY, consumer_secret=SECRET)
    site.load_recorded(["b2c-vipps-simple"])
    return site


def caused_by(error: type[httpx.RequestError], cause: Exception) -> httpx.RequestError:
    broken = error("it broke")
    broken.__cause__ = cause
    return broken


# Where the shop is


def test_a_shop_is_found_in_a_folder_and_with_plain_permalinks(site):
    """The folder stands before /wp-json, with or without a slash in the configuration."""
    site.plain_permalinks = True
    trial = Trial(site)
    assert len(trial.reads(times=3)) == 1
    assert trial.shop.route_style == "plain"
    assert [asked.url.path for asked in site.requests] == ["/wp-json/wc/v3/orders", "/", "/", "/"]
    site.requests.clear()
    site.swallow_authorization = True
    assert len(Trial(site).reads(route_style="plain", keys_in_query=True)) == 1
    assert len(site.requests) == 1
    site.plain_permalinks, site.subfolder = False, "/butikk"
    for url in ("https://shop.example/butikk", "https://shop.example/butikk/"):
        assert len(Trial(site, url).reads()) == 1
    error = Trial(site).fails()  # the fault is told, not that of the last attempt
    assert (error.code, error.facts["status"]) == ("shop_not_json", "404")


def test_an_interface_in_another_folder_is_found_by_what_the_front_page_tells(site):
    """A plugin that hides WordPress moves it; keys are looked at nowhere else."""
    site.folder = "api"
    trial = Trial(site)
    assert len(trial.reads(times=2)) == 1
    assert trial.shop.route_style == "/api"
    paths = [asked.url.path for asked in site.requests]
    assert paths == ["/wp-json/wc/v3/orders", "/", "/", *["/api/wc/v3/orders"] * 2]
    assert Trial(site, consumer_key="ck_no").fails().code == "shop_unknown_key"


@pytest.mark.parametrize(
    ("url", "target", "code", "facts"),
    [
        (SHOP, "https://www.shop.example", "shop_moved", {"url": "https://www.shop.example"}),
        (SHOP, "https://other.example", "shop_moved_elsewhere", {"other": "other.example"}),
        (SHOP, "https://shop.example", "shop_redirects", {"path": "/wp-json/wc/v3/orders"}),
        (SHOP, "http://shop.example", "shop_sends_to_http", {}),  # a proxy ends https, and forgot
        # The secure one is told, folder and all.
        ("http://shop.example/butikk", SHOP, "shop_moved", {"url": f"{SHOP}/butikk"}),
    ],
)
def test_keys_are_not_sent_on(site, url, target, code, facts):
    """A redirect is told of with the right address, and nobody else gets the keys."""
    site.before_each = hosts.sends_on(target)
    error = Trial(site, url).fails()
    assert (type(error), error.code) == (NotUnderstood, code)
    assert facts.items() <= error.facts.items()
    assert len(site.requests) == 1


# Keys


def test_what_is_wrong_with_a_key_is_told_apart(site):
    """One is copied anew, the other is made anew; each right that is missing has its remedy."""
    assert Trial(site, consumer_secret="cs_no").fails().code == "shop_wrong_secret"
    unknown = Trial(site, consumer_key="ck_no")
    assert unknown.fails().code == "shop_unknown_key"
    assert not unknown.shop.keys_in_query  # only what worked is kept
    assert unknown.waited == []  # and only what may pass is tried again
    site.user_may_view = False  # the user behind it needs the role
    assert Trial(site).fails().code == "shop_user_no_rights"
    site.permissions = "write"  # no wrong key, but the wrong right
    error = Trial(site).fails()
    assert (type(error), error.code) == (CannotLogIn, "shop_key_no_read")


def test_a_web_server_that_loses_the_header_gets_the_keys_in_the_address(site):
    """Over https, which is found out once; over http the remedy is the web server's setting."""
    site.swallow_authorization = True
    trial = Trial(site)
    assert len(trial.reads(times=2)) == 1
    assert trial.shop.keys_in_query
    assert [SECRET in str(asked.url) for asked in site.requests] == [False, True, True]
    site.requests.clear()
    assert Trial(site, "http://127.0.0.1").fails().code == "shop_key_not_seen"
    assert not any("consumer_" in str(asked.url) for asked in site.requests)
    assert "SetEnvIf Authorization" in remedy("shop_key_not_seen", "en")


# Pages instead of answers


@pytest.mark.parametrize("name", hosts.FIREWALLS)
def test_a_firewall_is_called_by_its_name(site, name):
    site.before_each = hosts.firewall(name)
    error = Trial(site).fails()
    assert (type(error), error.code) == (NotUnderstood, "shop_firewall")
    assert (error.facts["firewall"], len(site.requests)) == (name, 1)


def not_in(said: str) -> httpx.Response:
    body = {"code": "woocommerce_rest_authentication_error", "message": said, "data": {}}
    return httpx.Response(401, json=body)


EXPIRED = ssl.SSLCertVerificationError(1, "failed")
EXPIRED.verify_message = "certificate has expired"


@pytest.mark.parametrize(
    ("said", "kind", "code"),
    [
        (page("Denied", 403), NotUnderstood, "shop_blocked"),
        (page("Vent litt", 403, **{"cf-mitigated": "challenge"}), NotUnderstood, "shop_firewall"),
        (page("Authorization required", 401), CannotLogIn, "shop_password_protected"),
        (httpx.Response(302, headers={"Location": "/wp-login.php?to=x"}),  # sends strangers away
         NotUnderstood, "shop_redirects"),
        (page("Siden åpner snart"), NotUnderstood, "shop_coming_soon"),
        (page("Velkommen"), NotUnderstood, "shop_not_json"),
        (page("Ikke funnet", 404), NotUnderstood, "shop_not_json"),
        (page("Utilgjengelig på grunn av vedlikehold", 503), NoAnswer, "shop_maintenance"),
        (page("Bad gateway", 502), NoAnswer, "shop_server_error"),
        (page("Critical error", 500), NoAnswer, "shop_crashed"),
        (page("Too many", 429), NoAnswer, "shop_busy"),
        (httpx.Response(200, text="<b>Fatal error</b>: memory"), NoAnswer, "shop_crashed"),
        (httpx.Response(200, text=""), NotUnderstood, "shop_cut_off"),
        (httpx.Response(200, text='[{"id": 30, "nu'), NotUnderstood, "shop_cut_off"),
        (httpx.Response(200, text="[" * 100_000), NotUnderstood, "shop_too_large"),
        (httpx.Response(200, text="0"), NotUnderstood, "shop_wrong_shape"),
        (httpx.Response(200, json={}), NotUnderstood, "shop_wrong_shape"),
        # What never left and what got no answer are told apart.
        (caused_by(httpx.ConnectError, socket.gaierror()), NeverLeft, "shop_name_unknown"),
        (caused_by(httpx.ConnectError, OSError("unreachable")), NeverLeft, "shop_unreachable"),
        (caused_by(httpx.ConnectError, ssl.SSLError(1, "x")), NeverLeft, "shop_tls"),
        (caused_by(httpx.ConnectError, EXPIRED), NeverLeft, "shop_certificate"),
        (httpx.ConnectTimeout("slow"), NeverLeft, "shop_connect_timeout"),
        (httpx.PoolTimeout("full"), NeverLeft, "shop_connect_timeout"),
        (httpx.ProxyError("no"), NeverLeft, "shop_unreachable"),
        (httpx.ReadTimeout("slow"), NoAnswer, "shop_timeout"),
        (httpx.ReadError("cut"), NoAnswer, "shop_connection_broken"),
        (httpx.DecodingError("gzip"), NoAnswer, "shop_connection_broken"),
        (ssl.SSLError("bad record mac"), NoAnswer, "shop_connection_broken"),
        # WooCommerce has one code for two faults, and its words follow the shop's language.
        (not_in("Forbrukerhemmeligheten er ugyldig."), CannotLogIn, "shop_wrong_secret"),
        (not_in("API-nøkkelen har ikke tillatelse til å lese."), CannotLogIn, "shop_key_no_read"),
        (not_in("Noe helt annet."), CannotLogIn, "shop_login_refused"),
        # What a real WooCommerce said.
        *((answer(name), CannotLogIn, "shop_unknown_key") for name in (
            "unknown key", "no credentials", "plain permalinks form")),
        (answer("wrong secret"), CannotLogIn, "shop_wrong_secret"),
        (answer("unknown route"), NotUnderstood, "shop_no_woocommerce"),  # no missing order
        (answer("index without credentials"), NotUnderstood, "shop_wrong_shape"),  # no empty page
    ],
)  # fmt: skip
def test_whatever_comes_instead_of_an_answer_is_called_what_it_is(said, kind, code):
    error = answering(said).fails()
    assert (type(error), error.code, error.facts["host"]) == (kind, code, "shop.example")
    assert code != "shop_certificate" or error.facts["text"] == "certificate has expired"
    assert code != "shop_redirects" or error.facts["path"] == "/wp-login.php"


@pytest.mark.parametrize(
    "wrap",
    [
        "\ufeff{}",
        "\ufeff<br />\n<b>Warning</b>: array key [0] in <b>x.php</b> on line <b>7</b><br />\n{}",
        "Notice: {{nothing}} here\n{}",
        "{}\n<br /><b>Deprecated</b>: y",
        "  \n{}\n ",
    ],
)
def test_warnings_around_the_answer_are_overlooked(site, wrap):
    body = wrap.format(httpx.Response(200, json=[site.orders[30]]).text)
    [read] = answering(httpx.Response(200, text=body)).reads()
    assert read.id == 30


def test_a_refusal_after_a_warning_is_one_and_of_the_shops_words_only_codes_are_repeated():
    """After a warning WordPress cannot set its status any more; the body tells it."""
    body = {"code": "woocommerce_rest_cannot_view", "message": "No", "data": {"status": 401}}
    warned = f"<b>Warning</b>: x<br />\n{httpx.Response(200, json=body).text}"
    assert answering(httpx.Response(200, text=warned)).fails().code == "shop_unknown_key"
    data = {"params": {"modified_after": "Kari Nordmann wrote \x1b[2J"}}
    body = {"code": "rest_\x1b[2invalid", "message": "<b>Kari</b>\r\nNordmann", "data": data}
    error = answering(httpx.Response(422, json=body)).fails()
    # A list of statuses that has changed is asked for again; a parameter is named.
    assert isinstance(answering(answer("unknown status")).fails(), UnknownStatus)
    refused = answering(answer("malformed modified_after")).fails()
    said = (refused.status, refused.title, refused.detail)
    assert said == (400, "rest_invalid_param", "modified_after")
    assert error.facts["title"] == "rest_2invalid"
    assert error.facts["detail"] == "modified_after"


# Waiting and repeating


@pytest.mark.parametrize(
    ("troubles", "waited"),
    [
        *(([httpx.Response(status)], [2.0]) for status in (429, 502, 503, 504, 521)),
        ([httpx.Response(429, headers={"Retry-After": "17"})], [17.0]),
        ([httpx.RemoteProtocolError("gone"), httpx.ReadError("gone")], [2.0, 6.0]),
        ([httpx.Response(200, text="[{")], [2.0]),  # half an answer: smaller pages may help
    ],
)
def test_a_passing_trouble_is_waited_out(site, troubles, waited):
    """A read changes nothing, so what a second attempt may cure does not end the run."""
    trial = answering(*troubles, httpx.Response(200, json=[site.orders[30]]))
    assert len(trial.reads()) == 1
    assert trial.waited == waited


def test_a_shop_in_trouble_is_asked_three_times_and_left_to_the_next_run(site):
    """Waits grow between the attempts."""
    site.before_each = hosts.fails(*[502] * 6)
    trial = Trial(site)
    error = trial.fails()
    assert (type(error), error.code) == (NoAnswer, "shop_server_error")
    assert trial.waited == [2.0, 6.0, 2.0, 6.0]  # a hundred at a time, then twenty
    site.requests.clear()
    site.before_each = hosts.maintenance
    trial = Trial(site)
    error = trial.fails()
    assert (type(error), error.code) == (NoAnswer, "shop_maintenance")
    assert (trial.waited, len(site.requests)) == ([], 1)


@pytest.mark.parametrize(
    "date", ["", "today", "Fri, 31 Dec 9999 23:59:59 -0100", "Mon, 01 Jan 0200 00:00:00 GMT"]
)
def test_a_clock_that_cannot_be_meant_is_none(date):
    """No cursor is made of it, and nothing breaks."""
    assert date_of(httpx.Response(200, headers={"Date": date})) is None
