"""A spec for each kind of parameter, but for its header: by class name."""

SPECS = {
    "NumberFromLiteral": """
inputs: {inputs: {shape: [batch, features]}}
parameters:
  offset: {role: constant, value: 0.1}
  factor: {role: constant, shape: [], value: offset * 3}
call: |
  return inputs * factor + offset
outputs: {shape: like inputs}
""",
    "NumberFromArgument": """
arguments:
  slope: {type: float, default: 0.1}
inputs: {inputs: {shape: [batch, features]}}
parameters:
  gain: {role: constant, shape: [], value: slope}
  root: {role: constant, shape: [], value: slope * slope + 1.0}
call: |
  return inputs * gain / root
outputs: {shape: like inputs}
""",
    "NumberFromShape": """
inputs: {inputs: {shape: [batch, features]}}
parameters:
  share: {role: constant, value: 1.0 / features}
call: |
  return inputs * share
outputs: {shape: like inputs}
""",
    "FloatTable": """
inputs: {inputs: {shape: [batch, 3]}}
parameters:
  table: {role: constant, value: [0.1, 0.2, 0.3]}
call: |
  return inputs * table
outputs: {shape: like inputs}
""",
    "IntTable": """
inputs: {inputs: {shape: [batch, 3]}}
parameters:
  order: {role: constant, value: [2, 0, 1]}
call: |
  return take(inputs, order, axis=-1)
outputs: {shape: like inputs}
""",
    "BoolTable": """
inputs: {inputs: {shape: [batch, 3]}}
parameters:
  kept: {role: constant, value: [true, false, true]}
call: |
  return where(kept, inputs, 0.5)
outputs: {shape: like inputs}
""",
    "TableOfArgument": """
arguments:
  entries: {type: array, dtype: float, rank: 1}
inputs: {ids: {shape: [batch], dtype: int32}}
parameters:
  table: {role: constant, value: entries}
call: |
  return take(table, ids, axis=0)
outputs: {shape: [batch]}
examples:
  - {arguments: {entries: [0.1, 0.2, 0.3]}, inputs: [2, 0], outputs: [0.3, 0.1]}
""",
    "IntegersOfArgument": """
arguments:
  order: {type: array, dtype: uint8, rank: 1}
inputs: {inputs: {shape: [batch, 3]}}
call: |
  return inputs * cast(order[0] + order[-1], "float")
outputs: {shape: like inputs}
examples:
  - {arguments: {order: [2, 0, 1]}, inputs: [[1.0, 2.0, 3.0]]}
""",
    "StoredIntegers": """
arguments:
  order: {type: array, dtype: int32, rank: 1}
inputs: {inputs: {shape: [batch, 3]}}
parameters:
  table: {role: constant, value: order, storage: weight}
call: |
  return inputs * cast(table[0] + table[1], "float")
outputs: {shape: like inputs}
examples:
  - {arguments: {order: [2, 0, 1]}, inputs: [[1.0, 2.0, 3.0]]}
""",
    "DerivedFromArgument": """
arguments:
  units: {type: int, min: 1}
inputs: {inputs: {shape: [batch, 1]}}
parameters:
  phase: {role: constant, shape: [units], value: arange(units) * (pi / units)}
call: |
  return inputs + phase
outputs: {shape: [batch, units]}
""",
    "DerivedFromShape": """
inputs: {inputs: {shape: [batch, features]}}
parameters:
  ramp: {role: constant, shape: [features], value: arange(features) / features}
call: |
  return inputs + ramp
outputs: {shape: like inputs}
""",
    "Hoisted": """
inputs: {inputs: {shape: [batch, features]}}
parameters:
  kernel: {role: weight, shape: [features, features]}
call: |
  ramp = arange(features) / features
  return matmul(inputs + ramp, kernel) * cos(ramp)
outputs: {shape: like inputs}
""",
    "SmallFile": """
inputs: {ids: {shape: [batch], dtype: int32}}
parameters:
  table: {role: constant, file: smaller.npy}
call: |
  return take(table, ids, axis=0)
outputs: {shape: [batch, 2]}
examples:
  - {inputs: [3, 0]}
""",
    "LargeFile": """
inputs: {ids: {shape: [batch], dtype: int32}}
parameters:
  table: {role: constant, file: large.npy}
call: |
  return take(table, ids, axis=0)
outputs: {shape: [batch, 2]}
examples:
  - {inputs: [3, 0]}
""",
    "Stored": """
arguments:
  entries: {type: array, dtype: float, rank: 1}
inputs: {ids: {shape: [batch], dtype: int32}}
parameters:
  table: {role: constant, value: entries, storage: weight}
  order: {role: constant, value: [2, 0, 1], storage: weight}
call: |
  return take(table, take(order, ids, axis=0), axis=0)
outputs: {shape: [batch]}
examples:
  - {arguments: {entries: [0.1, 0.2, 0.3]}, inputs: [2, 0], outputs: [0.2, 0.3]}
""",
    "Drawn": """
inputs: {inputs: {shape: [batch, features]}}
parameters:
  first: {role: constant, shape: [features, 2], initializer: random_normal}
  second: {role: constant, shape: [features, 2], initializer: random_normal}
call: |
  return matmul(inputs, first) + sin(matmul(inputs, second))
outputs: {shape: [batch, 2]}
""",
    "Counter": """
inputs: {inputs: {shape: [batch, features]}}
parameters:
  steps: {role: weight, shape: [], initializer: zeros, trainable: false, dtype: int32}
  total: {role: weight, shape: [features], initializer: zeros, trainable: false}
call: |
  outputs = inputs - total
  if training:
      steps.assign(steps + 1)
      total.assign(total + sum(inputs, axis=0))
  return outputs
outputs: {shape: like inputs}
""",
    "SingleArgument": """
arguments:
  rows: {type: array, dtype: float32, rank: 1}
inputs: {inputs: {shape: [batch, 3]}}
parameters:
  table: {role: constant, shape: [3], value: 0.3 * rows + 1.0}
call: |
  return inputs * table + rows
outputs: {shape: like inputs}
examples:
  - {arguments: {rows: [0.1, 0.2, 0.3]}, inputs: [[0.1, 0.2, 0.3]]}
""",
    "Single": """
arguments:
  factor: {type: float, default: 0.1}
inputs: {inputs: {shape: [batch, features]}}
parameters:
  ramp: {role: constant, dtype: float32, value: factor * (arange(features) + 1)}
  steps: {role: constant, shape: [features], value: 0.3 * arange(features)}
  mixed: {role: constant, dtype: float32, value: [0.1, 0.2, 0.7]}
call: |
  angles = cast(257.0 * ramp, "float32") + cast(steps, "float32")
  if training:
      angles = angles - cast(steps, "float32")
  outputs = inputs * cast(cos(angles), "float")
  return outputs + sum(mixed) * sum(cast(mixed, "float32") > 0.0)
outputs: {shape: like inputs}
""",
    "Conditional": """
arguments:
  use_bias: {type: bool, default: true}
inputs: {inputs: {shape: [batch, features]}}
parameters:
  kernel: {role: weight, shape: [features, features]}
  bias: {role: weight, when: use_bias, shape: [features], initializer: ones}
call: |
  outputs = matmul(inputs, kernel)
  if use_bias:
      outputs = outputs + bias
  return outputs
outputs: {shape: like inputs}
""",
    "Steps": """
arguments:
  rounds: {type: int, default: 3, min: 1}
  backwards: {type: bool, default: false}
inputs:
  inputs: {shape: [batch, time, features]}
parameters:
  first: {role: weight, shape: [features], initializer: ones}
  second: {role: weight, shape: [features], initializer: zeros}
  table: {role: weight, shape: [4, features]}
  factors: {role: constant, value: "linspace(0.25, 1.0, rounds)"}
  seen: {role: weight, trainable: false, shape: [features], initializer: zeros}
call: |
  def blend(one, other, share):
      return share * one + (1.0 - share) * other

  def mix(states, _):
      one, other = states
      for i in range(rounds):
          one = tanh(one + factors[i] * other)
      return [other, one], (one, other)

  def gather(state, x):
      state = blend(state, x, share=0.75)
      return state, state * state

  def count(counts, pair):
      x, gate = pair
      counts = counts + cast(x > gate, "int32")
      return counts, counts

  def add(total, x):
      total = total + cast(x, "float32") * 0.5
      return total, total

  if training:
      seen.assign(seen * 0.5 + mean(inputs, axis=(0, 1)))
  pair, pairs = scan(mix, [first, second], length=rounds)
  state, _ = scan(gather, first, table, reverse=backwards)
  steps = moveaxis(inputs, 1, 0)
  start = zeros(inputs[:, 0].shape)
  counts, _ = scan(count, cast(start, "int32"), (steps, sigmoid(steps)))
  last, totals = scan(add, cast(start, "float32"), steps, reverse=True)
  weighed = inputs * blend(state, pair[0], 0.5) + cast(moveaxis(totals, 0, 1), "float")
  def seen_on(x):
      return x + seen
  weighed = seen_on(weighed)
  weighed = weighed + counts[:, None] * sum(pairs[1], axis=0)
  return weighed + cast(last, "float")[:, None]
outputs: {shape: like inputs}
""",
    "Padded": """
arguments:
  use_bias: {type: bool, default: true}
  depth: {type: int, default: 2, min: 1}
inputs:
  inputs: {shape: [batch, time, features], mask: true}
parameters:
  gain: {role: weight, shape: [depth, features], initializer: ones}
  bias: {role: weight, when: use_bias, shape: [features], initializer: ones}
call: |
  ramp = cos(arange(features) * (pi / features))
  def step(state, x):
      value, kept = x
      new = 0.5 * state + value * ramp
      if use_bias:
          new = new + bias
      new = where(kept, new, state)
      return new, new
  kept = ones_like(inputs) > 0.0
  if mask is not None:
      kept = logical_and(kept, expand_dims(mask, -1))
  steps = moveaxis(inputs, 1, 0)
  total = zeros_like(steps)
  for i in range(depth):
      _, steps = scan(step, zeros_like(inputs[:, 0]), (steps, moveaxis(kept, 1, 0)))
      steps = steps * gain[i]
      total = total + steps
  return moveaxis(total, 0, 1)
outputs: {shape: like inputs}
masking: passes
""",
}
