#!/usr/bin/env python3
"""Train the reader: all-MiniLM-L6-v2 with one linear layer that scores each token as the start and the end of an answer.

    python eval/fitting/train_reader.py train.jsonl reader.npz --epochs 4 --rate 1.5e-4 --seed 1

    python eval/fitting/train_reader.py pairs.jsonl reader.npz --after shared.npz --epochs 1 --batch 32 --rate 5e-5 --seed 3

Some three minutes on a GPU; a night on two cores, the second step an hour. A line of train.jsonl is one example: {"q": a question,
"ctx": a text, "answers": [[start, text], ...], "sent": [[start, end], ...]}. Without answers and sentences nothing in the text
answers; with sentences alone, any place in them does. The loss is the marginal likelihood of all starts and of all ends that are
accepted (Clark and Gardner 2018); the first token stands for "no answer here" (Rajpurkar et al. 2018).

With --after it goes on from weights that are trained already, on what pairs.py makes: the vocabulary stays as it is, nothing is
dropped out, and what is written is the mean of the weights before and after (Wortsman et al. 2022), which keeps what the first step
taught.

What ships was trained on 101,467 examples of the sets that NOTICE names, and in the second step on some 52,000 of the same sets.
None of it is of SQuAD 2.0 dev, ClapNQ, RAMDocs, HotpotQA, MuSiQue or news. A quarter asks of a text that does not answer: the best
other passage of the article by BM25 that lacks the answer, an adversarial question of SQuAD 2.0, or a text in which one name or
number was replaced by another of it.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from transformers import AutoTokenizer, BertConfig, BertModel

from pullquote.index.encoders.model_files import find
from pullquote.index.encoders.protocol import DEFAULT

TOKENS = 320
WARM_UP = 0.1  # of the steps
_EMBEDDINGS = "bert.embeddings.word_embeddings.weight"


class Reader(nn.Module):
    """Logits of (texts, tokens, 2): start and end."""

    def __init__(self) -> None:
        super().__init__()
        sizes: dict[str, Any] = {
            "attn_implementation": "eager",
            "hidden_size": 384,
            "num_hidden_layers": 6,
            "num_attention_heads": 12,
            "intermediate_size": 1536,
        }
        self.bert = BertModel(BertConfig(vocab_size=30522, **sizes), add_pooling_layer=False)
        self.head = nn.Linear(384, 2)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor) -> torch.Tensor:
        found = self.bert(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids)
        logits: torch.Tensor = self.head(found.last_hidden_state).float()
        return logits


def weights(path: Path) -> dict[str, torch.Tensor]:
    """What `save` wrote."""
    stored = np.load(path)
    found = {name: torch.from_numpy(stored[name].astype(np.float32)) for name in stored.files if name not in ("emb_q", "emb_s")}
    found[_EMBEDDINGS] = torch.from_numpy(stored["emb_q"].astype(np.float32) * stored["emb_s"])
    return found


def save(model: Reader, path: Path) -> None:
    """The weights in 16 bits, the vocabulary in 8 bits a row."""
    state = {name: value.detach().cpu() for name, value in model.state_dict().items()}
    words = state.pop(_EMBEDDINGS)
    scale = (words.abs().amax(1, keepdim=True) / 127).clamp(min=1e-8)
    small = {name: value.half().numpy() for name, value in state.items()}
    np.savez(path, emb_q=(words / scale).round().to(torch.int8).numpy(), emb_s=scale.numpy(), **small)


def examples(path: Path, tokenizer: Any) -> list[tuple[list[int], int, list[int], list[int]]]:
    """Of each example its tokens, where those of the text begin, and the accepted starts and ends; (0, 0) where there is none."""
    found = []
    for line in path.read_text("utf-8").splitlines():
        given = json.loads(line)
        encoded = tokenizer(
            given["q"][:400], given["ctx"], truncation="only_second", max_length=TOKENS, return_offsets_mapping=True
        )
        first = encoded["token_type_ids"].index(1) if 1 in encoded["token_type_ids"] else len(encoded["input_ids"])
        places = [(n, a, b) for n, (a, b) in enumerate(encoded["offset_mapping"]) if n >= first and b > a]
        starts, ends = [], []
        for start, answer in given["answers"]:
            within = [n for n, a, b in places if b > start and a < start + len(answer)]
            starts += within[:1]
            ends += within[-1:]
        for start, end in () if given["answers"] else given.get("sent", ()):
            within = [n for n, a, b in places if b > start and a < end]
            starts += within
            ends += within
        if not starts and (given["answers"] or given.get("sent")):
            continue  # cut off
        found.append((encoded["input_ids"], first, starts or [0], ends or [0]))
    return found


def go_on(model: Reader, known: dict[str, torch.Tensor]) -> None:
    """Take over weights that are trained already; the vocabulary stays as it is, and nothing is dropped out."""
    model.load_state_dict(known)
    for part in model.modules():
        if isinstance(part, nn.Dropout):
            part.p = 0.0
    for weight in model.bert.embeddings.parameters():
        weight.requires_grad = False


def batches(given: list[Any], size: int) -> Iterator[list[Any]]:
    """Batches of texts of about one length, in random order."""
    random.shuffle(given)
    for begin in range(0, len(given), size * 50):
        some = sorted(given[begin : begin + size * 50], key=lambda example: len(example[0]))
        parts = [some[at : at + size] for at in range(0, len(some), size)]
        random.shuffle(parts)
        yield from parts


def loss_of(model: Reader, batch: list[Any], device: str) -> torch.Tensor:
    longest = (max(len(tokens) for tokens, *_ in batch) + 7) // 8 * 8
    ids, mask, types = (np.zeros((len(batch), longest), np.int64) for _ in range(3))
    accepted = np.zeros((2, len(batch), longest), bool)
    for row, (tokens, first, starts, ends) in enumerate(batch):
        ids[row, : len(tokens)], mask[row, : len(tokens)], types[row, first : len(tokens)] = tokens, 1, 1
        accepted[0, row, starts] = accepted[1, row, ends] = True
    given = [torch.from_numpy(values).to(device) for values in (ids, mask, types)]
    with torch.autocast(device, torch.bfloat16, enabled=device == "cuda" or torch.cpu._is_amx_tile_supported()):
        logits = model(*given)
    allowed = (given[2] == 1) & (given[1] == 1)
    allowed[:, 0] = True
    likely = torch.log_softmax(logits.masked_fill(~allowed[..., None], -1e4), 1).permute(2, 0, 1)
    return -likely.masked_fill(~torch.from_numpy(accepted).to(device), -1e9).logsumexp(2).mean()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("examples", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--epochs", type=float, default=4)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--after", type=Path, help="weights to go on from")
    arguments = parser.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    random.seed(arguments.seed)
    torch.manual_seed(arguments.seed)
    folder = find(DEFAULT).folder
    model = Reader()
    model.bert.load_state_dict(BertModel.from_pretrained(folder, add_pooling_layer=False).state_dict())
    before = {} if arguments.after is None else weights(arguments.after)
    if before:
        go_on(model, before)
    model.to(device).train()
    given = examples(arguments.examples, AutoTokenizer.from_pretrained(folder))
    steps = int(arguments.epochs * len(given) / arguments.batch)
    learned = [p for p in model.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in learned if p.ndim > 1], "weight_decay": 0.01},
        {"params": [p for p in learned if p.ndim <= 1], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=arguments.rate, betas=(0.9, 0.98))
    rising = max(1, int(WARM_UP * steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda n: min(n / rising, max(0.0, (steps - n) / max(1, steps - rising)))
    )
    done, began = 0, time.monotonic()
    while done < steps:
        for batch in batches(given, arguments.batch):
            loss = loss_of(model, batch, device)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            done += 1
            if done % 100 == 0:
                print(f"{done} of {steps}, loss {loss.item():.3f}, {time.monotonic() - began:.0f} s", flush=True)
            if done >= steps:
                break
    if before:
        model.load_state_dict({name: (value.cpu() + before[name]) / 2 for name, value in model.state_dict().items()})
    save(model, arguments.out)


if __name__ == "__main__":
    main()
