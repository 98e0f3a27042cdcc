"""What Keras says when it refuses -> the sentence that says why."""

import re

_MOST = 240
_INNER = re.compile(r"Exception encountered: ")
_EXAMPLE = re.compile(
    r"Example error message for object <.*?>:\s*(.*?)\s*(?:List of objects|$)", re.S
)
_CALL = re.compile(r"Exception encountered when calling .*?\(\)\.\s+")
_COLOURS = re.compile(r"\x1b\[\d*m")
_CLASS = re.compile(r"^[A-Za-z_.]*(?:Error|Exception|Warning): ")
_LOCATE = re.compile(r"Could not locate (?:class|function) '\w+'")


def shorten(reason: str) -> str:
    """The sentence of a long message that says why something was refused.

    Keras wraps the error of a layer: its config comes first, the error last, or
    "example error message" of one of several layers.
    """
    text = _CALL.split(_INNER.split(_COLOURS.sub("", reason))[-1])[-1]
    if located := _LOCATE.search(reason):
        text = located[0]
    if example := _EXAMPLE.search(text):
        text = example[1]
    text = _CLASS.sub("", text.strip())
    text = " ".join(text.split("\n\n")[0].split())
    sentence = re.split(r"(?<=[.!?]) (?=[A-Z][a-z]+ )", text)[0]
    # Of a condition on arguments the values that follow are the most telling.
    text = text if "Received" in text else sentence
    return text if len(text) <= _MOST else f"{text[:_MOST]}..."
