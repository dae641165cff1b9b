// One training step of an embedding table, in float64, as PyTorch takes it. No drawing here, and no document.
"use strict";
window.OneStep = window.OneStep || {};
(() => {
  const DEFAULTS = {
    sgd: { words: "SGD", momentum: 0 },
    momentum: { words: "SGD with momentum 0.9", momentum: 0.9 },
    adam: { words: "Adam" },
    adamw: { words: "AdamW", decay: 0.01 },
    adagrad: { words: "Adagrad" },
    sparseadam: { words: "SparseAdam" },
  };
  const BETA = [0.9, 0.999];
  const EPS = 1e-8;
  const ADAGRAD_EPS = 1e-10;

  const zeros = weight => weight.map(row => row.map(() => 0));

  /** Rows of the table for codes: (batch, dim). */
  const lookup = (weight, codes) => codes.map(code => [...weight[code]]);

  /** The same rows by multiplying: one-hot (batch, levels) times weight (levels, dim). */
  const oneHot = (codes, levels) => codes.map(code => Array.from({ length: levels }, (_, level) => +(level === code)));
  const product = (a, b) =>
    a.map(row => b[0].map((_, column) => row.reduce((sum, left, k) => sum + left * b[k][column], 0)));

  /** Predictions, errors and the loss: a record's prediction is the sum of its row, the loss the sum of squared errors. */
  function forward(weight, flights) {
    const rows = lookup(weight, flights.map(flight => flight.code));
    const predictions = rows.map(row => row.reduce((sum, value) => sum + value, 0));
    const errors = predictions.map((prediction, i) => prediction - flights[i].target);
    return { rows, predictions, errors, loss: errors.reduce((sum, error) => sum + error * error, 0) };
  }

  /** The gradient of the loss for the whole table (levels, dim): a scatter-add of 2 * error into the rows looked up. */
  function gradient(weight, flights) {
    const grad = zeros(weight);
    const { errors } = forward(weight, flights);
    flights.forEach((flight, i) => {
      grad[flight.code] = grad[flight.code].map(value => value + 2 * errors[i]);
    });
    return grad;
  }

  /** What an optimizer remembers before its first step. */
  const memory = weight => ({ steps: 0, buffer: zeros(weight), mean: zeros(weight), square: zeros(weight) });

  /** A step: the new table and the new memory. The old ones stay as they are. */
  function step(name, lr, weight, flights, old) {
    const grad = gradient(weight, flights);
    const next = structuredClone(old);
    const looked = new Set(flights.map(flight => flight.code));
    next.steps += 1;
    const after = weight.map((row, level) => {
      if (name === "sparseadam" && !looked.has(level)) return [...row];
      return row.map((value, column) => updated(name, lr, value, grad[level][column], next, level, column));
    });
    return { grad, weight: after, memory: next };
  }

  function updated(name, lr, value, grad, memory, level, column) {
    const { buffer, mean, square, steps } = memory;
    if (name === "sgd") return value - lr * grad;
    if (name === "momentum") {
      buffer[level][column] = DEFAULTS.momentum.momentum * buffer[level][column] + grad;
      return value - lr * buffer[level][column];
    }
    if (name === "adagrad") {
      square[level][column] += grad * grad;
      return value - lr * (grad / (Math.sqrt(square[level][column]) + ADAGRAD_EPS));
    }
    if (name === "adamw") value *= 1 - lr * DEFAULTS.adamw.decay;
    mean[level][column] += (grad - mean[level][column]) * (1 - BETA[0]);
    square[level][column] = square[level][column] * BETA[1] + (1 - BETA[1]) * grad * grad;
    const [first, second] = BETA.map(beta => 1 - beta ** steps);
    const size = Math.sqrt(square[level][column]);
    if (name === "sparseadam") return value - ((lr * Math.sqrt(second)) / first) * (mean[level][column] / (size + EPS));
    return value - (lr / first) * (mean[level][column] / (size / Math.sqrt(second) + EPS));
  }

  /** Why a row moved, or stayed: words for a reader. */
  function because(name, level, flights, before, after, old) {
    const times = flights.filter(flight => flight.code === level).length;
    const moved = before[level].some((value, column) => value !== after[level][column]);
    const seen = old.mean[level].concat(old.buffer[level]).some(value => value !== 0);
    const picked = `the codes picked it ${times === 1 ? "once" : times === 2 ? "twice" : `${times} times`}`;
    const carried = seen && (name === "momentum" || name === "adam" || name === "adamw");
    if (!moved) {
      if (times) return `${picked}, but nothing pulled at it`;
      if (name === "sparseadam") return "not picked, and SparseAdam steps picked rows only";
      if (name === "adagrad" && old.square[level].some(value => value !== 0)) {
        return "not picked; Adagrad remembers sizes, not directions";
      }
      return "not picked";
    }
    const reasons = times ? [picked] : [];
    if (carried) reasons.push(times ? "and it is still carried along" : "not picked, but the optimizer still carries it along");
    if (name === "adamw" && !times && !carried) reasons.push("not picked, but weight decay shrinks every row");
    return reasons.join(", ");
  }

  Object.assign(window.OneStep, { DEFAULTS, lookup, oneHot, product, forward, gradient, memory, step, because });
})();
