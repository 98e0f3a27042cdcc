"""Specs of layers that own others, each for something that may go wrong."""

from collections.abc import Mapping

SPECS: Mapping[str, str] = {
    # In a package of its own: a list, a layer that may not be there, another list.
    "parts/stack.yaml": """
layergen: 1
name: Stack
package: parts
summary: Dense layers one after another, then perhaps a normalization.
arguments:
  units: {type: int, min: 1}
  depth: {type: int, default: 2, min: 0}
  rescale: {type: bool, default: true}
  kernel_initializer: {type: initializer, default: he_normal}
inputs:
  inputs: {shape: [batch, ..., features]}
sublayers:
  hidden:
    layer: Dense
    count: depth
    arguments:
      units: units + i
      activation: relu
      kernel_initializer: kernel_initializer
      bias_initializer: {name: constant, value: 0.5}
    shape: [batch, ..., features if i == 0 else units + i - 1]
  scales:
    layer: RMSNormalization
    when: rescale
    count: depth
    arguments: {epsilon: 0.01}
    shape: [batch, ..., units + i]
call: |
  x = inputs
  for i in range(depth):
      x = hidden[i](x)
      if rescale:
          x = scales[i](x)
  return x
outputs: {shape: [batch, ..., units + depth - 1 if depth > 0 else features]}
""",
    # Two deep, over packages; one layer is used twice, which shares its weights.
    "wholes/twice.yaml": """
layergen: 1
name: Twice
package: wholes
summary: The same layers twice, and a layer that is there for some.
arguments:
  residual: {type: bool, default: true}
inputs:
  inputs: {shape: [batch, length, features]}
sublayers:
  inner: {layer: ../parts/stack.yaml, arguments: {units: features, depth: 1}}
  widen:
    layer: ../parts/stack.yaml
    when: residual
    arguments: {units: features - 1, depth: 2, rescale: false}
    shape: like inputs
call: |
  x = inner(inner(inputs))
  return x + widen(inputs) if residual else x
outputs: {shape: like inputs}
""",
    # States of a child: moved twice in one step of training.
    "wholes/steady.yaml": """
layergen: 1
name: Steady
package: wholes
summary: One batch normalization before and after a projection.
arguments:
  momentum: {type: float, default: 0.9, min: 0, max: 1}
inputs:
  inputs: {shape: [batch, features]}
sublayers:
  normalization:
    layer: BatchNormalization
    arguments:
      momentum: momentum
      epsilon: 0.1
      beta_regularizer: {name: l2, l2: 0.01}
  project:
    layer: Dense
    arguments: {units: features, kernel_regularizer: l2, bias_constraint: non_neg}
    shape: like inputs
call: |
  return normalization(project(normalization(inputs)))
outputs: {shape: like inputs}
""",
    # States of a child that is no layer of Keras, of whole numbers; int32 comes out.
    "parts/bucket.yaml": """
layergen: 1
name: Bucket
package: parts
summary: The number of the interval that holds each number, and how often it is asked.
arguments:
  buckets: {type: int, min: 2}
inputs:
  inputs: {shape: [batch, ...]}
parameters:
  calls: {role: weight, trainable: false, shape: [], dtype: int32, initializer: zeros}
call: |
  if training:
      calls.assign(calls + 1)
  scaled = floor((tanh(inputs) + 1.0) * (buckets / 2.0))
  return cast(clip(scaled, 0.0, buckets - 1.0), "int32")
outputs: {shape: like inputs, dtype: int32}
""",
    "wholes/quantized.yaml": """
layergen: 1
name: Quantized
package: wholes
summary: Embeds numbers by their intervals.
arguments:
  units: {type: int, min: 1}
inputs:
  inputs: {shape: [batch, features]}
sublayers:
  bucket: {layer: ../parts/bucket.yaml, arguments: {buckets: 4}}
  table:
    layer: Embedding
    arguments:
      input_dim: 4
      output_dim: units
      embeddings_initializer: {name: random_normal, stddev: 0.02}
    shape: like inputs
call: |
  return mean(table(bucket(inputs)), axis=1)
outputs: {shape: [batch, units]}
""",
    # Several inputs, one that may be left out, and a flag.
    "parts/blend.yaml": """
layergen: 1
name: Blend
package: parts
summary: Two projections, weighed by a third input if it is there.
inputs:
  left: {shape: [batch, features]}
  right: {shape: [batch, others]}
  share: {shape: [batch, 1], optional: true}
sublayers:
  first: {layer: Dense, arguments: {units: 3}}
  second: {layer: Dense, arguments: {units: 3}}
call: |
  a = first(left)
  b = second(right)
  return a + b if share is None else a * share + b * (1.0 - share)
outputs: {shape: [batch, 3]}
""",
    "wholes/blended.yaml": """
layergen: 1
name: Blended
package: wholes
summary: Blends its inputs by position and by name.
inputs:
  inputs: {shape: [batch, features]}
  tokens: {shape: [batch, length], dtype: int32}
sublayers:
  table:
    layer: Embedding
    arguments: {input_dim: 2, output_dim: 2}
    shape: like tokens
  blend:
    layer: ../parts/blend.yaml
    shape: {left: like inputs, right: [batch, 2]}
call: |
  summed = sum(table(tokens), axis=1)
  plain = blend(inputs, summed)
  return plain + blend(right=summed, left=inputs, share=sigmoid(inputs[:, :1]))
outputs: {shape: [batch, 3]}
""",
    # Several outputs: a list of states, more if an argument or a flag says so.
    "parts/parted.yaml": """
layergen: 1
name: Parted
package: parts
summary: A projection and a list of what becomes of it.
arguments:
  units: {type: int, min: 1}
  levels: {type: int, default: 2, min: 1}
inputs:
  inputs: {shape: [batch, features]}
parameters:
  kernel: {role: weight, shape: [features, units]}
call: |
  x = inputs @ kernel
  return x, tuple([tanh(x * (i + 1.0)) for i in range(levels)])
outputs:
  x: {shape: [batch, units]}
  states: {shape: [batch, units], count: levels}
""",
    "parts/ranked.yaml": """
layergen: 1
name: Ranked
package: parts
summary: Scales features, and tells the greatest if it is asked.
arguments:
  asked: {type: bool, default: false}
inputs:
  inputs: {shape: [batch, ..., features]}
  again: {type: bool, default: true}
parameters:
  gain: {role: weight, shape: [features], initializer: ones}
call: |
  x = inputs * gain
  greatest = argmax(x, axis=-1)
  return (x, greatest, [x]) if asked and again else x
outputs:
  x: {shape: like inputs}
  greatest: {shape: [batch, ...], dtype: int32, when: asked and again}
  copies: {shape: like inputs, count: 1, when: asked and again}
""",
    "wholes/parting.yaml": """
layergen: 1
name: Parting
package: wholes
summary: Uses what layers with several outputs return.
arguments:
  levels: {type: int, default: 3, min: 1}
inputs:
  inputs: {shape: [batch, features]}
sublayers:
  parted: {layer: ../parts/parted.yaml, arguments: {units: 2, levels: levels}}
  plain: {layer: ../parts/ranked.yaml, shape: [batch, 2]}
  told: {layer: ../parts/ranked.yaml, arguments: {asked: true}, shape: [batch, 2]}
call: |
  x, states = parted(inputs)
  for state in states:
      x = x + plain(state)
  ranked, greatest, copies = told(x)
  return ranked + copies[0], greatest
outputs:
  ranked: {shape: [batch, 2]}
  greatest: {shape: [batch], dtype: int32}
""",
    # What is drawn once: alike in every copy, by the seed of the owner.
    "parts/spread.yaml": """
layergen: 1
name: Spread
package: parts
summary: A random projection that stays as it is.
arguments:
  units: {type: int, min: 1}
inputs:
  inputs: {shape: [batch, features]}
parameters:
  projection: {role: constant, shape: [features, units], initializer: random_normal}
call: |
  return inputs @ projection
outputs: {shape: [batch, units]}
""",
    "wholes/sketch.yaml": """
layergen: 1
name: Sketch
package: wholes
summary: Several random projections, and noise on their sum.
arguments:
  seed: {type: seed}
inputs:
  inputs: {shape: [batch, features]}
parameters:
  offset: {role: constant, shape: [4], initializer: random_normal}
sublayers:
  spreads:
    layer: ../parts/spread.yaml
    count: 2
    arguments: {units: 4, seed: seed + i + 1}
    shape: like inputs
  dropout: {layer: Dropout, arguments: {rate: 0.25, seed: seed}, shape: [batch, 4]}
call: |
  return dropout(spreads[0](inputs) + spreads[1](inputs) + offset)
outputs: {shape: [batch, 4]}
""",
    # Images, in either format; sizes that no layer needs may be unknown.
    "wholes/picture.yaml": """
layergen: 1
name: Picture
package: wholes
summary: Convolutions and pools over images.
arguments:
  filters: {type: int, min: 1}
  kernel_size: {type: ints, length: 2, min: 1, default: [2, 3]}
  strides: {type: ints, length: 2, min: 1, optional: true}
  activation: {type: activation, default: relu}
inputs:
  inputs: {shape: [batch, height, width, channels]}
sublayers:
  depthwise:
    layer: DepthwiseConv2D
    arguments:
      kernel_size: 3
      padding: same
      depthwise_initializer: {name: variance_scaling, scale: 2.0}
  separable:
    layer: SeparableConv2D
    arguments:
      filters: filters
      kernel_size: kernel_size
      padding: same
      activation: activation
    shape: like inputs
  normalization:
    layer: GroupNormalization
    arguments: {groups: -1}
    shape: [batch, height, width, filters]
  pool:
    layer: MaxPooling2D
    arguments: {pool_size: 2, strides: strides, padding: same}
    shape: [batch, height, width, filters]
  enlarge:
    layer: Conv2DTranspose
    arguments: {filters: filters, kernel_size: [2, 2], strides: 2}
    shape: [batch, 1, 1, filters]
  average: {layer: GlobalAveragePooling2D, shape: [batch, 2, 2, filters]}
call: |
  x = normalization(separable(depthwise(inputs)))
  return average(enlarge(mean(pool(x), axis=(1, 2), keepdims=True)))
outputs: {shape: [batch, filters]}
""",
    "wholes/formatted.yaml": """
layergen: 1
name: Formatted
package: wholes
summary: A convolution in the format of the caller.
arguments:
  data_format: {type: data_format}
inputs:
  inputs: {shape: [batch, 5, 5, 5]}
sublayers:
  convolution:
    layer: Conv2D
    arguments: {filters: 2, kernel_size: 3, data_format: data_format, use_bias: false}
  normalization:
    layer: BatchNormalization
    arguments: {axis: "-1 if data_format == 'channels_last' else 1"}
    shape:
      - batch
      - "2 if data_format == 'channels_first' else 3"
      - 3
      - "2 if data_format == 'channels_last' else 3"
call: |
  return mean(normalization(convolution(inputs)), axis=(1, 2, 3))
outputs: {shape: [batch]}
""",
    # Sizes that an argument spreads.
    "parts/grid.yaml": """
layergen: 1
name: Grid
package: parts
summary: Adds a learned grid to each vector.
arguments:
  sizes: {type: shape, default: [2, 3]}
  axes: {type: axes, default: 1, optional: true}
inputs:
  inputs: {shape: [batch, features]}
parameters:
  grid: {role: weight, shape: ["*sizes", features]}
call: |
  spread = reshape(inputs, (-1, *[1 for s in sizes], features)) + grid
  return spread if axes is None else sum(spread, axis=axes, keepdims=True) + spread
outputs: {shape: [batch, "*sizes", features]}
""",
    "wholes/gridded.yaml": """
layergen: 1
name: Gridded
package: wholes
summary: The greatest of a grid.
arguments:
  height: {type: int, default: 2, min: 1}
inputs:
  inputs: {shape: [batch, features]}
sublayers:
  grid: {layer: ../parts/grid.yaml, arguments: {sizes: [height, 4], axes: null}}
call: |
  return max(grid(inputs), axis=(1, 2))
outputs: {shape: like inputs}
""",
    # Sequences: every kind of layer for them.
    "wholes/sentence.yaml": """
layergen: 1
name: Sentence
package: wholes
summary: Embeds, convolves and pools a sequence.
arguments:
  units: {type: int, default: 4, min: 1}
  rate: {type: float, default: 0.5, min: 0, max: 1}
inputs:
  tokens: {shape: [batch, length], dtype: int32}
sublayers:
  table: {layer: Embedding, arguments: {input_dim: 2, output_dim: units}}
  drop:
    layer: SpatialDropout1D
    arguments: {rate: rate}
    shape: [batch, length, units]
  convolution:
    layer: Conv1D
    arguments: {filters: units, kernel_size: 3, padding: causal, activation: gelu}
    shape: [batch, length, units]
  normalization:
    layer: LayerNormalization
    arguments: {axis: [-1], gamma_initializer: {name: constant, value: 2.0}}
    shape: [batch, length, units]
  slope: {layer: PReLU, arguments: {shared_axes: [1]}, shape: [batch, length, units]}
  most: {layer: GlobalMaxPooling1D, shape: [batch, length, units]}
call: |
  x = drop(table(tokens))
  return most(slope(normalization(convolution(x))))
outputs: {shape: [batch, units]}
""",
    # Masks: of two tensors, of one of several layers, made of another or by a layer.
    "parts/meeting.yaml": """
layergen: 1
name: Meeting
package: parts
summary: Adds to each step the steps of another sequence that are no padding.
inputs:
  first: {shape: [batch, length, features], mask: true}
  second: {shape: [batch, others, features], mask: true}
parameters:
  gain: {role: weight, shape: [features], initializer: ones}
call: |
  kept = second
  if second_mask is not None:
      kept = where(expand_dims(second_mask, -1), second, 0.0)
  met = (first + sum(kept, axis=1, keepdims=True)) * gain
  if first_mask is not None:
      met = where(expand_dims(first_mask, -1), met, -1.0)
  return met
outputs: {shape: like first}
masking: passes
""",
    "wholes/masked.yaml": """
layergen: 1
name: Masked
package: wholes
summary: Hands masks to several layers.
arguments:
  depth: {type: int, default: 2, min: 1}
  thin: {type: bool, default: false}
inputs:
  query: {shape: [batch, length, features], mask: true}
  memory: {shape: [batch, others, features], mask: true}
sublayers:
  normalization: {layer: BatchNormalization, shape: like query}
  meetings:
    layer: ../parts/meeting.yaml
    count: depth
    shape: {first: like query, second: [batch, others, features]}
  itself:
    layer: ../parts/meeting.yaml
    when: thin
    shape: {first: like query, second: [batch, (length + 1) // 2, features]}
call: |
  x = normalization(query, mask=query_mask)
  for meeting in meetings:
      x = meeting(x, memory * 0.5, first_mask=query_mask, second_mask=memory_mask)
  if thin:
      half = None if query_mask is None else query_mask[:, ::2]
      x = itself(x, x[:, ::2], second_mask=half, first_mask=query_mask)
  return x * 2.0
outputs: {shape: like query}
masking: passes
""",
    "wholes/counted.yaml": """
layergen: 1
name: Counted
package: wholes
summary: Embeds tokens, and averages those that are not zero.
inputs:
  tokens: {shape: [batch, length], dtype: int32}
  logits: {shape: [batch, length]}
sublayers:
  table: {layer: Embedding, arguments: {input_dim: 2, output_dim: 3}}
  scores: {layer: Softmax, shape: like logits}
  pool: {layer: GlobalAveragePooling1D, shape: [batch, length, 3]}
call: |
  kept = logical_or(tokens != 0, arange(tokens.shape[1]) == 0)
  weights = scores(logits, mask=kept)
  return pool(table(tokens) * expand_dims(weights, -1), mask=kept)
outputs: {shape: [batch, 3]}
""",
}
"""By path: the text of each spec."""
