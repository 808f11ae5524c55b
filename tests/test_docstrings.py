"""Every public name says what it is: shapes, units, errors where there are any."""

import importlib
import inspect
import pkgutil

import pytest

import coordination

NAMES = sorted(coordination.__all__)


def test_front_door_lists_what_is_there():
    """Every exported name can be imported, and the list holds nothing else."""
    assert dir(coordination) == NAMES
    assert set(coordination._HOME) == set(NAMES)
    for name in NAMES:
        assert getattr(coordination, name) is not None


def test_front_door_refuses_other_names():
    """A name that is not there is an AttributeError, as everywhere."""
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = coordination.no_such_name


@pytest.mark.parametrize("name", NAMES)
def test_exported_names_are_documented(name):
    """Exported callables say their parameters and results, exported classes their attributes or methods."""
    thing = getattr(coordination, name)
    text = inspect.getdoc(thing)
    assert text
    if inspect.isfunction(thing):
        assert "Parameters\n---" in text
        assert "Returns\n---" in text
        parameters = [p for p in inspect.signature(thing).parameters if not p.startswith("_")]
        section = text.split("Parameters\n")[1].split("Returns\n")[0]
        assert not [p for p in parameters if p not in section]


def modules():
    """Return the names of all modules of the package."""
    return [found.name for found in pkgutil.walk_packages(coordination.__path__, "coordination.")]


@pytest.mark.parametrize("name", modules())
def test_public_functions_of_modules_have_a_sentence(name):
    """Every public class and function of every module has a docstring whose first line is a sentence."""
    module = importlib.import_module(name)
    for thing_name, thing in vars(module).items():
        own = getattr(thing, "__module__", None) == name
        if own and not thing_name.startswith("_") and (inspect.isclass(thing) or inspect.isfunction(thing)):
            text = inspect.getdoc(thing)
            assert text, f"{name}.{thing_name}"
