"""Archives for tests, also such as no honest tool makes."""
import io
import warnings
import zipfile


def packed(files: dict[str, bytes] | list[tuple[str, bytes]], path=None) -> zipfile.ZipFile:
    """An archive in memory, or in a file, that is open for reading; as pairs, also with a name twice."""
    target = path or io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items() if isinstance(files, dict) else files:
            info = zipfile.ZipInfo("x", (2026, 1, 9, 10, 0, 0))
            info.filename = info.orig_filename = name   # as it is: ZipInfo would take a separator for "/", and cut at a NUL
            with warnings.catch_warnings():   # a name twice is wanted here
                warnings.simplefilter("ignore", UserWarning)
                archive.writestr(info, data)
    return zipfile.ZipFile(target)
