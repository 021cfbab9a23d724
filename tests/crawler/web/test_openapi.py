"""The description of the API, and an adversary who has read it."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from psycopg.conninfo import make_conninfo
from pydantic import BaseModel

from crawler.config import Config
from crawler.web.api import models, search, source_models
from crawler.web.app import create_app
from pipelines.storage.pool import open_pool
from tests.crawler.web.conftest import TOKEN, fill, serving

#: Examples for each operation; RAWI_TEST_EXAMPLES makes it more.
EXAMPLES = int(os.environ.get("RAWI_TEST_EXAMPLES", "10"))

MODELS = [
    model
    for module in (models, search, source_models)
    for model in vars(module).values()
    if isinstance(model, type)
    and issubclass(model, BaseModel)
    and "examples" in (model.model_config.get("json_schema_extra") or {})
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_the_examples_are_what_the_models_say(model: type[BaseModel]) -> None:
    extra = model.model_config["json_schema_extra"]
    assert isinstance(extra, dict)
    for example in extra["examples"]:  # type: ignore[union-attr]
        made = model.model_validate(example)
        assert set(example) <= set(type(made).model_fields)
    assert model.model_fields.keys() >= made.model_fields_set


def test_every_operation_says_what_it_does_and_what_may_go_wrong() -> None:
    described = create_app(Config(), "").openapi()
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            assert operation["description"], (method, path)
            for parameter in operation.get("parameters", ()):
                assert parameter.get("description"), (path, parameter["name"])
            if path.startswith("/api/"):
                assert {"400", "401", "422", "503"} <= operation["responses"].keys(), path


@pytest.fixture(scope="module")
def address(server_url: str, template: str) -> Any:
    """A served store of the module's own."""
    import psycopg

    name = f"schemathesis_{os.getpid()}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")  # type: ignore[call-overload]
        url = make_conninfo(server_url, dbname=name)

        async def filled() -> None:
            async with open_pool(url) as pool:
                await fill(pool)

        asyncio.run(filled())
        try:
            with serving(Config(web_token=TOKEN, web_searches=1_000_000), url) as served:
                yield served
        finally:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # type: ignore[call-overload]


described = schemathesis.openapi.from_dict(
    create_app(Config(web_token=TOKEN), "").openapi(),
    # 422 is for what does not fit the description, and must not be said of what does. What fits may make no sense.
    config=schemathesis.Config.from_dict(
        {"checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "400", "404", "409"]}}}
    ),
)


@described.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_asked_is_answered_as_described(case: schemathesis.Case, address: str) -> None:
    case.call_and_validate(base_url=address, headers={"Authorization": f"Bearer {TOKEN}"})
