"""``deepsky train``: train a model on labelled images."""

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from deepsky.cli.failure import FAILED, USAGE, stop
from deepsky.cli.panels import DATA, OUTPUT, TRAINING
from deepsky.cli.training_options import DataOption, FromOption, ImagesOption, WeightsOption
from deepsky.errors import DeepskyError

if TYPE_CHECKING:
    from deepsky.dataset.dataset import Dataset
    from deepsky.training.backbones import Backbone
    from deepsky.training.recipe import Recipe

__all__ = ["train"]

VERSION: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_-]{0,63}")
NAME: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,63}")
SMALLEST_INPUT: Final = 64
LARGEST_INPUT: Final = 304
MINUTE: Final = 60


def _check_version(version: str | None) -> str | None:
    if version is not None and not VERSION.fullmatch(version):
        msg = "use up to 64 letters, digits or . + _ -, and start with a letter or a digit."
        raise typer.BadParameter(msg)
    return version


def _check_name(name: str | None) -> str | None:
    if name is not None and not NAME.fullmatch(name):
        msg = "use up to 64 letters, digits or . _ -, and start with a letter or a digit."
        raise typer.BadParameter(msg)
    return name


def train(
    model: Annotated[
        str,
        typer.Argument(help="efficientnet, resnet50 or vgg16; or ensemble, to combine the three."),
    ],
    data: DataOption,
    backbone_weights: WeightsOption = "imagenet",
    images: ImagesOption = None,
    initial: FromOption = None,
    name: Annotated[
        str | None,
        typer.Option(
            rich_help_panel=OUTPUT,
            metavar="NAME",
            help="Name of the trained model. Default: MODEL.",
            callback=_check_name,
        ),
    ] = None,
    epochs: Annotated[
        int | None,
        typer.Option(
            rich_help_panel=TRAINING, metavar="N", help="Number of epochs of fine-tuning.", min=0
        ),
    ] = None,
    head_epochs: Annotated[
        int | None,
        typer.Option(
            rich_help_panel=TRAINING,
            metavar="N",
            help="Number of epochs of training the head on frozen features; 0 omits this step.",
            min=0,
        ),
    ] = None,
    learning_rate: Annotated[
        float | None,
        typer.Option(
            rich_help_panel=TRAINING,
            metavar="RATE",
            help="Maximum learning rate of fine-tuning.",
            min=1e-7,
            max=0.1,
        ),
    ] = None,
    input_size: Annotated[
        int | None,
        typer.Option(
            rich_help_panel=TRAINING,
            metavar="N",
            help="Side of the training images in pixels.",
            min=SMALLEST_INPUT,
            max=LARGEST_INPUT,
        ),
    ] = None,
    batch_size: Annotated[
        int | None,
        typer.Option(
            rich_help_panel=TRAINING, metavar="N", help="Number of images per batch.", min=1
        ),
    ] = None,
    unfreeze: Annotated[
        int | None,
        typer.Option(
            rich_help_panel=TRAINING,
            metavar="N",
            help="Number of stages of the backbone that are fine-tuned, counted from the output; "
            "0 trains only the head.",
            min=0,
        ),
    ] = None,
    augmentation: Annotated[
        str | None,
        typer.Option(
            rich_help_panel=TRAINING,
            metavar="STEPS",
            help="Augmentation steps, separated by commas: rotate, zoom, crop, stars, degrade, "
            "relight; "
            "or all, or none. Default: all.",
        ),
    ] = None,
    repeat_rare: Annotated[
        bool,
        typer.Option(
            "--repeat-rare",
            rich_help_panel=TRAINING,
            help="Use images of rare kinds of objects, and of small sources, several times per "
            "epoch.",
        ),
    ] = False,
    initial_share: Annotated[
        float,
        typer.Option(
            rich_help_panel=TRAINING,
            metavar="SHARE",
            help="Share of the model chosen with --from in the average of its weights and the "
            "trained weights.",
            min=0.0,
            max=1.0,
        ),
    ] = 0.0,
    cross_validated: Annotated[
        Path | None,
        typer.Option(
            rich_help_panel=TRAINING,
            metavar="DIR",
            help="Folder 'source' in the output of deepsky cross-validate --by source. The "
            "results are used to calibrate the model.",
            exists=True,
            file_okay=False,
        ),
    ] = None,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            rich_help_panel=OUTPUT,
            metavar="DIR",
            help="Folder for the trained models. An interrupted run in this folder is resumed.",
        ),
    ] = Path("runs"),
    seed: Annotated[
        int,
        typer.Option(
            rich_help_panel=TRAINING, metavar="N", help="Seed for the splits and the training."
        ),
    ] = 0,
    version: Annotated[
        str | None,
        typer.Option(
            rich_help_panel=OUTPUT,
            metavar="VERSION",
            help="Version of the model. Default: the date and a hash of the model's content.",
            callback=_check_version,
        ),
    ] = None,
    save_manifest: Annotated[
        Path | None,
        typer.Option(
            rich_help_panel=DATA,
            metavar="FILE",
            help="Write the manifest with groups and splits to this new CSV file. To change them, "
            "edit the file, and use it as --data.",
            dir_okay=False,
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            rich_help_panel=OUTPUT,
            help="Show the splits and the time needed, then stop.",
        ),
    ] = False,
) -> None:
    """Train a model. To resume an interrupted run, run the same command again.

    The images are in a folder with one subfolder per class, such as images/galaxy and
    images/nebula, or in a folder that a manifest describes.
    """
    try:
        from deepsky.dataset.dataset import read_dataset
        from deepsky.training.backbones import BACKBONES, find_backbone
        from deepsky.training.ensemble import ENSEMBLE, assemble
        from deepsky.training.initial_weights import find_initial_model
        from deepsky.training.pipeline import require_splits
        from deepsky.training.pipeline import train as train_model
        from deepsky.training.recipe import recipe_for, with_enough_head_epochs

        if model not in (*BACKBONES, ENSEMBLE):
            known = ", ".join((*BACKBONES, ENSEMBLE))
            stop(f"unknown model {model!r}. Choose one of: {known}.", USAGE)
        if model == ENSEMBLE:
            folder = assemble(list(BACKBONES), data, output, images, cross_validated, version)
        else:
            backbone = find_backbone(model)
            recipe = _choose(
                recipe_for(backbone, seed),
                backbone,
                epochs=epochs,
                head_epochs=head_epochs,
                learning_rate=learning_rate,
                input_size=input_size,
                batch_size=batch_size,
                unfreeze=unfreeze,
                augmentation=augmentation,
                repeat_rare=repeat_rare,
                initial_share=initial_share,
            )
            if initial_share and not initial:
                stop("--initial-share: choose the model to average with --from.", USAGE)
            start = find_initial_model(initial, backbone) if initial else None
            dataset = read_dataset(data, images).with_splits(seed)
            _show(dataset, save_manifest)
            require_splits(dataset.examples, recipe.batch_size)
            training = sum(example.split == "train" for example in dataset.examples)
            recipe = with_enough_head_epochs(recipe, training)
            if dry_run:
                _show_duration(dataset, backbone, recipe)
                return
            folder = train_model(
                model,
                dataset,
                backbone_weights,
                output,
                recipe,
                cross_validated=cross_validated,
                version=version,
                name=name,
                initial=start,
            )
    except ModuleNotFoundError as error:
        stop(f"training needs {error.name}. Install it: pip install 'deepsky[train]'.", FAILED)
    except DeepskyError as error:
        stop(str(error), USAGE)
    _note_small_validation(folder)
    chosen = "" if folder.name == "efficientnet" else f" --model {folder.name}"
    typer.echo(
        f"Model written to {folder}. To use it, run: "
        f"DEEPSKY_MODELS={output} deepsky classify{chosen} …"
    )


def _note_small_validation(folder: Path) -> None:
    """Print which classes had too few validation images to be excluded from prediction sets."""
    from deepsky.models import ModelBundle

    card = ModelBundle(folder).card
    if always := [k for k in card.labels if card.calibration.thresholds[k] == 0]:
        typer.echo(
            f"Too few validation images of {', '.join(always)}: prediction sets with a coverage "
            f"of {card.calibration.coverage:.0%} always contain these classes, so other answers "
            "are never confident. Add images, or use deepsky cross-validate and --cross-validated."
        )


def _choose(
    recipe: "Recipe",
    backbone: "Backbone",
    *,
    epochs: int | None,
    head_epochs: int | None,
    learning_rate: float | None,
    input_size: int | None,
    batch_size: int | None,
    unfreeze: int | None,
    augmentation: str | None,
    repeat_rare: bool,
    initial_share: float,
) -> "Recipe":
    """Return a recipe with the chosen settings."""
    recipe = replace(recipe, repeat_rare=repeat_rare, initial_share=initial_share)
    if epochs is not None:
        recipe = replace(recipe, epochs=epochs)
    if head_epochs is not None:
        recipe = replace(recipe, head_epochs=head_epochs)
    if learning_rate is not None:
        recipe = replace(recipe, learning_rate=learning_rate)
    if input_size is not None:
        recipe = replace(recipe, input_size=input_size)
    if batch_size is not None:
        recipe = replace(recipe, batch_size=batch_size)
    if unfreeze is not None:
        stages = len(backbone.stages)
        if unfreeze > stages:
            stop(f"--unfreeze: {backbone.title} has {stages} stages.", USAGE)
        recipe = replace(recipe, frozen_stages=stages - unfreeze)
        recipe = recipe if unfreeze else replace(recipe, epochs=0)
    if augmentation is not None:
        recipe = replace(recipe, without=_omitted(augmentation))
    return recipe


def _omitted(augmentation: str) -> tuple[str, ...]:
    """Return the augmentation steps that are not among the chosen ones."""
    from deepsky.training.augmentation import STEPS

    special = {"all": STEPS, "none": ()}
    chosen = special.get(augmentation, tuple(augmentation.split(",")))
    if unknown := [step for step in chosen if step not in STEPS]:
        stop(
            f"--augmentation: unknown step {unknown[0]!r}. Choose from: {', '.join(STEPS)}; "
            "or all, or none.",
            USAGE,
        )
    return tuple(step for step in STEPS if step not in chosen)


def _show(dataset: "Dataset", manifest: Path | None) -> None:
    from deepsky.cli.dataset_summary import print_summary

    print_summary(dataset)
    if manifest is not None:
        dataset.write_manifest(manifest)
        typer.echo(
            f"Manifest written to {manifest}. To change labels, groups or splits, edit it, then "
            f"train with: --data {manifest} --images {dataset.images}"
        )


def _show_duration(dataset: "Dataset", backbone: "Backbone", recipe: "Recipe") -> None:
    from deepsky.dataset.targets import dataset_labels
    from deepsky.training.duration import estimate_seconds

    splits = [example.split for example in dataset.examples]
    training = splits.count("train")
    held_out = splits.count("validation") + splits.count("test")
    classes = len(dataset_labels(dataset.examples))
    seconds = estimate_seconds(backbone, recipe, training, held_out, classes)
    typer.echo(f"Training takes about {max(1, round(seconds / MINUTE))} min on this machine.")
