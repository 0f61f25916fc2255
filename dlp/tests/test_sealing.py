import pytest

from dlp.sealing import SealBroken, seal, unseal


def test_what_is_sealed_opens_in_its_own_place():
    assert unseal(seal(b"hush", bound_to="a:1"), bound_to="a:1") == b"hush"


def test_what_is_sealed_does_not_open_elsewhere():
    with pytest.raises(SealBroken):
        unseal(seal(b"hush", bound_to="a:1"), bound_to="a:2")


@pytest.mark.parametrize("place", [0, 3, 10, -1])
def test_a_flipped_bit_is_noticed(place):
    sealed = bytearray(seal(b"hush", bound_to="a:1"))
    sealed[place] ^= 1

    with pytest.raises(SealBroken):
        unseal(bytes(sealed), bound_to="a:1")


def test_another_key_opens_nothing(settings):
    sealed = seal(b"hush", bound_to="a:1")
    settings.SEALING_KEY = "another"

    with pytest.raises(SealBroken):
        unseal(sealed, bound_to="a:1")


def test_the_same_words_never_look_the_same_twice():
    assert seal(b"hush", bound_to="a:1") != seal(b"hush", bound_to="a:1")
