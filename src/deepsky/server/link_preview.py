"""Tags that describe a shared classification to messengers and social networks."""

from html import escape
from typing import Final

from flask import url_for

from deepsky.storage.tables import Classification

__all__ = ["describe_shared"]

NOUNS: Final = {
    "galaxy": "A galaxy",
    "nebula": "A nebula",
    "star_cluster": "A star cluster",
    "other": "Not a deep-sky object",
}

CERTAINTY: Final = {
    "confident": "very sure",
    "unsure": "not sure",
    "unfamiliar": "unlike the images that the model knows",
}


def describe_shared(classification: Classification, token: str) -> str:
    """Return the tags for the head of the page: Open Graph, Twitter card, and ``noindex``.

    Parameters
    ----------
    classification : Classification
    token : str

    Returns
    -------
    str
        HTML.
    """
    title, description = _title(classification), _description(classification)
    image = url_for("sharing.show_image", token=token, _external=True)
    tags = [
        ("name", "robots", "noindex"),
        ("property", "og:type", "website"),
        ("property", "og:site_name", "deepsky"),
        ("property", "og:title", title),
        ("property", "og:description", description),
        ("property", "og:url", url_for("page.show_shared", token=token, _external=True)),
        ("property", "og:image", image),
        ("property", "og:image:type", "image/jpeg"),
        ("property", "og:image:alt", title),
        ("name", "twitter:card", "summary_large_image"),
        ("name", "twitter:title", title),
        ("name", "twitter:description", description),
        ("name", "twitter:image", image),
    ]
    return "".join(
        f'<meta {kind}="{name}" content="{escape(content)}" />\n    '
        for kind, name, content in tags
    )


def _title(classification: Classification) -> str:
    noun = NOUNS.get(classification.label, classification.label)
    if classification.verdict != "confident":
        noun = f"Perhaps {noun[0].lower()}{noun[1:]}"
    shown = (classification.identification or {}).get("object")
    if not shown:
        return noun
    names = [shown["name"], shown.get("common_name")]
    name = " ".join([names[0], *(f"({other})" for other in names[1:] if other)])
    return f"{noun}: {name}"


def _description(classification: Classification) -> str:
    confidence = min(round(100 * classification.confidence), 99)
    return (
        f"{confidence} % certain, {CERTAINTY[classification.verdict]}. Classified by "
        f"{classification.model} {classification.model_version} with deepsky."
    )
