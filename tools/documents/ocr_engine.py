"""RapidOCR with the models that come along: finds lines of text in a picture, recognises the text of each.

One pair of sessions a process and model, made on first use. One thread each: a batch reads with one process a core.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import rapidocr
from rapidocr import LangDet, LangRec, ModelType, OCRVersion, RapidOCR

from signoff.tools.documents.ocr import Model
from signoff.tools.documents.ocr_picture import Grey, Quads

THREADS = 1
FIND_SIDE = {Model.TINY: 1280, Model.SMALL: 1600}
"""The longer side in pixels of the copy on which lines are found; they are recognised on the picture itself."""
_OURS = Path(__file__).with_name("ocr_models")
_THEIRS = Path(rapidocr.__file__).with_name("models")
_FILES = {
    Model.TINY: (_OURS / "PP-OCRv6_det_tiny.onnx", _OURS / "PP-OCRv6_rec_tiny.onnx"),
    Model.SMALL: (_THEIRS / "PP-OCRv6_det_small.onnx", _THEIRS / "PP-OCRv6_rec_small.onnx"),
}
_KINDS = {Model.TINY: ModelType.TINY, Model.SMALL: ModelType.SMALL}


@dataclass(frozen=True, slots=True)
class Line:
    """The text of a line; for each character its middle along the line (0 to 1) and how sure its recognition was (0 to 1)."""

    text: str
    middles: tuple[float, ...]
    sureness: tuple[float, ...]


class Engine:
    """A pair of models: one finds lines, one reads them."""

    def __init__(self, model: Model) -> None:
        logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
        cv2.setNumThreads(THREADS)
        self._engine: Any = RapidOCR(params=settings(model))

    def find(self, picture: Grey) -> Quads:
        """The corners of each line of text."""
        found = self._engine(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR), use_det=True, use_cls=False, use_rec=False)
        if found.boxes is None:
            return np.zeros((0, 4, 2), dtype=np.float32)
        return np.asarray(found.boxes, dtype=np.float32)

    def recognise(self, crops: list[Grey]) -> list[Line]:
        """The text of each picture of one line, in the same order."""
        if not crops:
            return []
        self._engine.update_params(return_word_box=True)
        result = self._engine.recognize_txt([cv2.cvtColor(c, cv2.COLOR_GRAY2BGR) for c in crops])
        return [_line(text, words) for text, words in zip(result.txts, result.word_results, strict=True)]


def _line(text: str, words: Any) -> Line:
    """Characters with their places: the recogniser gives them for what is not blank, and sureness for all."""
    columns = iter([c for word in words.word_cols for c in word])
    shown = [(i, char) for i, char in enumerate(text) if not char.isspace()]
    length = max(words.line_txt_len, 1.0)
    middles = {i: min((next(columns) + 0.5) / length, 1.0) for i, _ in shown}
    places = [middles.get(i, -1.0) for i in range(len(text))]
    return Line(text, tuple(places), tuple(float(c) for c in words.confs[: len(text)]))


@cache
def engine(model: Model) -> Engine:
    """The engine of a model, made once a process."""
    return Engine(model)


def settings(model: Model) -> dict[str, Any]:
    """Settings of RapidOCR. Paths are given, so that it never looks for models on the network."""
    find, recognise = _FILES[model]
    kind = _KINDS[model]
    return {
        "Global.use_cls": False,
        "Global.use_vertical_padding": False,
        "Global.use_preprocess_img": False,
        "Global.log_level": "critical",
        "EngineConfig.onnxruntime.intra_op_num_threads": THREADS,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        "Det.ocr_version": OCRVersion.PPOCRV6,
        "Det.model_type": kind,
        "Det.lang_type": LangDet.CH,
        "Det.model_path": str(find),
        "Det.mean": [0.485, 0.456, 0.406],
        "Det.std": [0.229, 0.224, 0.225],
        "Det.limit_type": "max",
        "Det.limit_side_len": FIND_SIDE[model],
        "Det.thresh": 0.2,
        "Det.box_thresh": 0.4,
        "Det.unclip_ratio": 1.4,
        "Det.max_candidates": 3000,
        "Det.use_dilation": False,
        "Rec.ocr_version": OCRVersion.PPOCRV6,
        "Rec.model_type": kind,
        "Rec.lang_type": LangRec.EN,
        "Rec.model_path": str(recognise),
        "Rec.rec_batch_num": 1,
        "Rec.rec_img_shape": [3, 48, 48],
    }
