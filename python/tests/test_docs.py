"""The examples of docstrings and of docs/python.md."""

import doctest
import importlib
import pathlib
import pkgutil

import pytest

import glu

page = pathlib.Path(__file__).resolve().parents[2] / "docs" / "python.md"
modules = [m.name for m in pkgutil.iter_modules(glu.__path__)
           if m.name not in ("_compiler", "_runtime") and not m.ispkg]


@pytest.mark.parametrize("name", [None, *modules])
def test_docstrings(name):
    module = importlib.import_module(f"glu.{name}") if name else glu
    failed, _ = doctest.testmod(module)
    assert not failed


def test_page():
    failed, tried = doctest.testfile(str(page), module_relative=False)
    assert tried > 10 and not failed


def test_stubs_have_every_name():
    stub = (pathlib.Path(glu.__file__).parent / "__init__.pyi").read_text()
    for name in glu.__all__:
        assert any(text in stub for text in (
            f"def {name}(", f"\n{name}: ", f"as {name}")), name
