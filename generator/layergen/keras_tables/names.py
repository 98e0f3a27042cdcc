"""A name in a spec -> the reason why Keras or Python does not let a spec take it.

The names are those of Keras 3.15 on TensorFlow, JAX and PyTorch, as data, so that a
spec is checked without importing Keras; a test compares them with the installed
Keras. A reason is a clause for a diagnostic: "`losses` is an attribute of
keras.layers.Layer". Names with a Keras meaning that a spec may give on purpose
(`activation`, `state_size`, `output_size`) are free.
"""

import builtins
import keyword
import re
import sys
from collections.abc import Iterable, Mapping

_SNAKE = re.compile(r"[a-z][a-z0-9_]*")
_CAMEL = re.compile(r"[A-Z][A-Za-z0-9]*")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LAYER_NAMES = _words("""
    activity_regularizer add_loss add_metric add_variable add_weight autocast build
    build_from_config built call call_signature_parameters compute_dtype compute_mask
    compute_output_shape compute_output_spec count_params dtype dtype_policy
    from_config get_build_config get_config get_weights input input_dtype input_spec
    load_own_variables losses metrics metrics_variables name non_trainable_variables
    non_trainable_weights output path quantization_mode quantize quantized_build
    quantized_call rematerialized_call save_own_variables set_weights stateless_call
    supports_jit supports_masking symbolic_call trainable trainable_variables
    trainable_weights variable_dtype variables weights
    """)
# Checkpointing hooks that Keras looks up by name, and does not define itself.
HOOK_NAMES = _words("""
    compile_from_config finalize_state get_compile_config load_assets save_assets
    """)
TENSORFLOW_NAMES = _words("predict_function test_function train_function")
TORCH_NAMES = _words("""
    T_destination add_module apply bfloat16 buffers call_super_init children compile
    cpu cuda double dump_patches eval extra_repr float forward get_buffer
    get_extra_state get_parameter get_submodule half ipu load_state_dict modules mtia
    named_buffers named_children named_modules named_parameters parameters
    register_backward_hook register_buffer register_forward_hook
    register_forward_pre_hook register_full_backward_hook
    register_full_backward_pre_hook register_load_state_dict_post_hook
    register_load_state_dict_pre_hook register_module register_parameter
    register_state_dict_post_hook register_state_dict_pre_hook requires_grad_
    set_extra_state set_submodule share_memory state_dict to to_empty torch_params
    train training type xpu zero_grad
    """)
# Attributes of a layer that begin with an underscore, here without it: the value of
# a parameter may be kept under its name with an underscore before.
PRIVATE_NAMES = _words("""
    add_trackable_child add_variable_with_custom_getter
    allow_non_tensor_positional_args api_export_path api_export_symbol_id apply
    assert_input_compatibility auto_config awq_call backward_hooks backward_pre_hooks
    buffers build_at_init build_by_run_for_kwargs build_by_run_for_single_pos_arg
    build_shapes_dict call_context_args call_has_context_arg call_has_mask_arg
    call_has_training_arg call_impl call_signature called check_load_own_variables
    check_quantize_args check_super_called checkpoint_adapter checkpoint_dependencies
    clear_losses compiled_call_impl convert_input_args convert_tracked_collections
    copy_trackable_to_cpu default_save_signature deferred_dependencies delete_tracking
    deserialization_dependencies deserialize_from_proto dtype_policy
    export_to_saved_model_graph flatten_layers float8_call forward_hooks
    forward_hooks_always_called forward_hooks_with_kwargs forward_pre_hooks
    forward_pre_hooks_with_kwargs gather_saveables_for_checkpoint get_backward_hooks
    get_backward_pre_hooks get_call_context get_name get_node_attribute_at_index
    get_own_losses get_regularization_losses get_save_spec gptq_call
    handle_deferred_dependencies inbound_nodes initialize_tracker input_spec int4_call
    int8_call is_full_backward_hook layers load_from_state_dict
    load_state_dict_post_hooks load_state_dict_pre_hooks lock lock_state
    lookup_dependency loss_ids losses losses_override maybe_build
    maybe_initialize_trackable maybe_reset_call_context
    maybe_warn_non_full_backward_hook metrics modules name_based_attribute_restore
    name_based_restores named_members no_dependency non_persistent_buffers_set
    non_trainable_variables not_implemented_error obj_type object_identifier
    open_name_scope outbound_nodes parameters parent_path path post_build
    post_track_variable post_untrack_variable preload_simple_restoration
    quantization_mode_error register_call_context_args
    register_load_state_dict_pre_hook register_state_dict_hook remat_mode
    replicate_for_data_parallel resolve_and_populate_arg restore_from_tensors
    save_to_state_dict saved_model_arg_spec saved_model_inputs_spec seed_generators
    self_name_based_restores self_saveable_object_factories self_setattr_tracking
    self_unconditional_checkpoint_dependencies
    self_unconditional_deferred_dependencies self_unconditional_dependency_names
    self_update_uid serialize_to_proto serialize_to_tensors set_mask_metadata
    set_save_spec setattr_hook setattr_tracking slow_forward state_dict_hooks
    state_dict_pre_hooks supports_masking tf_api_names tf_api_names_v1 torch_params
    track_trackable track_variable track_variables trackable_children tracked tracker
    trainable trainable_variables unconditional_checkpoint_dependencies
    unconditional_dependency_names unpickle_model untrack_variable update_uid version
    wrapped_call_impl input_shape_arg
    """)
MODEL_NAMES = _words("""
    compile compile_from_config compiled compiled_loss compiled_metrics compute_loss
    compute_metrics distribute_reduction_method distribute_strategy evaluate export
    fit get_compile_config get_layer get_metrics_result
    get_quantization_layer_structure get_state_tree history input_shape inputs
    jit_compile layers load_weights loss make_predict_function make_test_function
    make_train_function metrics_names operations optimizer output_names output_shape
    outputs predict predict_function predict_on_batch predict_step reset_metrics
    run_eagerly save save_weights set_state_tree stateless_compute_loss
    steps_per_execution stop_predicting stop_training summary test_function
    test_on_batch test_step to_json train_function train_on_batch train_step
    unrolled_steps_per_execution
    """)
KERAS_LAYERS = _words("""
    Activation ActivityRegularization AdaptiveAveragePooling1D
    AdaptiveAveragePooling2D AdaptiveAveragePooling3D AdaptiveMaxPooling1D
    AdaptiveMaxPooling2D AdaptiveMaxPooling3D Add AdditiveAttention AlphaDropout
    Attention AugMix AutoContrast Average AveragePooling1D AveragePooling2D
    AveragePooling3D AvgPool1D AvgPool2D AvgPool3D BatchNormalization Bidirectional
    CategoryEncoding CenterCrop Concatenate
    ContrastLimitedAdaptiveHistogramEqualization Conv1D Conv1DTranspose Conv2D
    Conv2DTranspose Conv3D Conv3DTranspose ConvLSTM1D ConvLSTM2D ConvLSTM3D
    Convolution1D Convolution1DTranspose Convolution2D Convolution2DTranspose
    Convolution3D Convolution3DTranspose Cropping1D Cropping2D Cropping3D CutMix Dense
    DepthwiseConv1D DepthwiseConv2D Discretization Dot Dropout ELU EinsumDense
    Embedding Equalization Flatten FlaxLayer GRU GRUCell GaussianDropout GaussianNoise
    GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D
    GlobalAvgPool1D GlobalAvgPool2D GlobalAvgPool3D GlobalMaxPool1D GlobalMaxPool2D
    GlobalMaxPool3D GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D
    GroupNormalization GroupQueryAttention HashedCrossing Hashing Identity InputLayer
    InputSpec IntegerLookup JaxLayer LSTM LSTMCell Lambda Layer LayerNormalization
    LeakyReLU Masking MaxNumBoundingBoxes MaxPool1D MaxPool2D MaxPool3D MaxPooling1D
    MaxPooling2D MaxPooling3D Maximum MelSpectrogram Minimum MixUp MultiHeadAttention
    Multiply Normalization PReLU Permute Pipeline RMSNormalization RNN RandAugment
    RandomBrightness RandomColorDegeneration RandomColorJitter RandomContrast
    RandomCrop RandomElasticTransform RandomErasing RandomFlip RandomGaussianBlur
    RandomGrayscale RandomHue RandomInvert RandomPerspective RandomPosterization
    RandomRotation RandomSaturation RandomSharpness RandomShear RandomTranslation
    RandomZoom ReLU RepeatVector Rescaling Reshape Resizing ReversibleEmbedding
    STFTSpectrogram SeparableConv1D SeparableConv2D SeparableConvolution1D
    SeparableConvolution2D SimpleRNN SimpleRNNCell Softmax Solarization
    SpatialDropout1D SpatialDropout2D SpatialDropout3D SpectralNormalization
    StackedRNNCells StringLookup Subtract TFSMLayer TextVectorization TimeDistributed
    TorchModuleWrapper UnitNormalization UpSampling1D UpSampling2D UpSampling3D
    Wrapper ZeroPadding1D ZeroPadding2D ZeroPadding3D
    """)
# Names that Keras gives to arguments of the methods that a layer defines.
USED_NAMES = _words("""
    abs all any bool classmethod dict enumerate float int isinstance keras len list math
    max min np ops pathlib random range reversed str super tuple warnings zip
    """)
"""What generated code calls or imports."""
CALL_NAMES: Mapping[str, str] = {
    **{name: f"`{name}` is what generated code uses" for name in sorted(USED_NAMES)},
    "self": "`self` is the layer itself",
    "args": "`args` stands for further arguments",
    "kwargs": "`kwargs` stands for the arguments of the base class",
    "training": "`training` is the flag that Keras passes to `call`",
    "mask": "`mask` is the mask that Keras passes to `call`",
    "inputs_mask": "`inputs_mask` is the mask that Keras passes to `call`",
    "input_shape": "`input_shape` is the shape that Keras passes to `build`",
}
CONSTRUCTOR_NAMES = _words(
    "activity_regularizer autocast dtype input_dim name trainable"
)
CONFIG_KEYS = _words("""
    build_config class_name compile_config config module registered_name
    shared_object_id
    """)
_RULES: tuple[tuple[frozenset[str], str], ...] = (
    (CONSTRUCTOR_NAMES, "is an argument of keras.layers.Layer itself"),
    (LAYER_NAMES, "is an attribute of keras.layers.Layer"),
    (HOOK_NAMES, "is a method that Keras calls on a layer that has it"),
    (TENSORFLOW_NAMES, "is an attribute of a layer under TensorFlow"),
    (TORCH_NAMES, "is an attribute of a layer under PyTorch"),
    (CONFIG_KEYS, "is a key of Keras's own in a saved layer"),
)
# Packages that the generated files import, or that stand beside them.
_TAKEN_PACKAGES = _words("jax keras layergen numpy pytest tensorflow torch")
# Classes that a generated module names besides its own.
_TAKEN_CLASSES = _words("Any ArrayLike Callable Layer Self Sequence")


def refuse_name(name: str) -> str | None:
    """Why no argument, parameter or attribute may have this name; None if it may."""
    reason = _refuse_form(name, _SNAKE, "lower-case letters, digits and underscores")
    if reason or name in CALL_NAMES:
        return reason or CALL_NAMES[name]
    for names, clause in _RULES:
        if name in names:
            return f"`{name}` {clause}"
    if name in PRIVATE_NAMES:
        return f"`_{name}`, where its value may be kept, is Keras's own"
    return None


def warn_name(name: str) -> str | None:
    """What speaks against a name that `refuse_name` lets pass; None if nothing does."""
    if name in MODEL_NAMES and refuse_name(name) is None:
        return f"`{name}` is an attribute of keras.Model"
    return None


def refuse_input_name(name: str, others: Iterable[str] = ()) -> str | None:
    """Why no argument of `call` may have this name, beside others; None if it may.

    Keras passes `<input>_mask` to `call` and `<input>_shape` to `build`, so these are
    taken where `<input>` is among the others.
    """
    reason = _refuse_form(name, _SNAKE, "lower-case letters, digits and underscores")
    if reason or name in CALL_NAMES:
        return reason or CALL_NAMES[name]
    for other in others:
        for what in ("mask", "shape"):
            if name == f"{other}_{what}":
                return f"`{name}` is what Keras calls the {what} of `{other}`"
    return None


def refuse_class_name(name: str) -> str | None:
    """Why no layer may have this name; None if it may."""
    form = "a capital letter, then letters and digits"
    if hasattr(builtins, name):
        return f"`{name}` is a name of Python's own"
    if name in _TAKEN_CLASSES:
        return f"`{name}` is imported by the generated module"
    return _refuse_form(name, _CAMEL, form)


def warn_class_name(name: str) -> str | None:
    """What speaks against a layer's name that is allowed; None if nothing does."""
    if name in KERAS_LAYERS:
        return f"`{name}` is also a class of keras.layers"
    return None


def refuse_package_name(name: str) -> str | None:
    """Why no package of generated layers may have this name; None if it may."""
    if name == "tests":
        return "`tests` is where the generated tests stand"
    if name in sys.stdlib_module_names:
        return f"`{name}` is a module of Python's standard library"
    if name in _TAKEN_PACKAGES:
        return f"`{name}` is a package that would be hidden"
    return _refuse_form(name, _SNAKE, "lower-case letters, digits and underscores")


def _refuse_form(name: str, pattern: re.Pattern[str], form: str) -> str | None:
    """Why this is no name of the form that the pattern asks for."""
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        return f"`{name}` is a keyword of Python"
    if name.startswith("_"):
        return f"`{name}` begins with an underscore"
    if not pattern.fullmatch(name):
        return f"`{name}` is not made of {form}"
    return None
