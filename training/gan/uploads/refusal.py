"""Why an upload, or a single file of it, is not taken: sentences for whoever gave it."""

from typing import Any

from tutor.bank.reason import BankError, Reason
from tutor.i18n import mark

NOT_AN_ARCHIVE = mark(
    "This is no zip file that can be read. Put the pictures into one folder for each thing, and "
    "pack these folders as a plain zip."
)
LOCKED = mark("The zip is locked by a password. Pack it again without one.")
TOO_MANY_FILES = mark(
    "The upload holds more than {most} files. Leave out some of the pictures: a few hundred of "
    "each thing are enough."
)
TOO_LARGE = mark(
    "Unpacked, the upload has more than {most} GB. Make the pictures smaller: 256 pixels are "
    "enough."
)
NO_PICTURES = mark(
    "No picture of the upload can be used, so there is nothing to train on. {reason}"
)
NOTHING_FOUND = mark(
    "There are no pictures in it. Put them into one folder for each thing, named like the thing."
)
NO_LABELS = mark(
    "The pictures lie in no folders, and there is no file that names them. Put them into one "
    "folder for each thing, or add captions.csv with the columns file and label."
)
NO_LICENCE = mark(
    "Please say under which licence the pictures may be used, for example “CC BY 4.0” or “our own "
    "drawings”. It goes into the card of everything that is trained on them."
)
FEW_OF_THEM = mark(
    "No thing has enough pictures: each needs at least {least} that can be used. Add pictures, or "
    "put similar things into one folder."
)
TOO_MANY_THINGS = mark(
    "The pictures show {count} different things; {most} are the limit. Where every picture has a "
    "caption of its own, shorten the captions to the name of what is seen."
)
DISK_FULL = mark(
    "There is not enough space on the disk for the pictures: about {needed} GB more are needed. "
    "Delete something, then upload them again."
)
STOPPED = mark(
    "Reading the pictures was stopped because it took more memory or time than it may. Leave out "
    "very large pictures, and upload the rest."
)

OUTSIDE = mark("The name leads out of the archive.")
A_LINK = mark("It is a link, not a file.")
BAD_NAME = mark("The name has signs that no file name may have.")
AN_ARCHIVE = mark("It is an archive inside the archive, which is not opened. Unpack it first.")
NO_PICTURE = mark("It is no picture in a format that is known: PNG, JPEG, WebP, GIF, BMP or TIFF.")
BROKEN = mark("The picture is broken or cut off.")
EMPTY = mark("The file is empty.")
UNFOLDS = mark("It unfolds to {times} times its size, as a file does that is made to do harm.")
TOO_BIG = mark("The file is larger than {most} MB.")
TOO_MANY_PIXELS = mark("It has {pixels} million pixels; {most} million are the limit.")
TOO_SMALL = mark("It is only {width} × {height} pixels; at least {least} × {least} are needed.")
ONE_COLOUR = mark("Nothing can be seen on it: it is all of one colour.")
UNLABELLED = mark("Nothing says what it shows: it lies in no folder, and no caption names it.")
BAD_LABEL = mark("Its folder or caption is no name of a thing.")
SAME_ELSEWHERE = mark("The same picture shows “{other}” already.")
UNSUITABLE = mark("It is likely to be unsuitable for children.")
TOO_FEW = mark(
    "“{thing}” has too few usable pictures ({count}): at least {least} are needed. Add some, or "
    "put them to another thing."
)


class UploadRefused(BankError):
    """The whole upload can't be taken."""


class Unfit(Exception):
    """One file can't be taken."""

    def __init__(self, message: str, /, **fields: Any) -> None:
        super().__init__(message)
        self.reason = Reason(message, fields)
