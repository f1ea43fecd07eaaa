import { Names } from '../program/names.js';
import { keywords, words } from '../python/names.js';

/** What every module of PyTorch 2 has already. */
const attributes = words(
  'T_destination _apply _backward_hooks _backward_pre_hooks _buffers _call_impl ' +
    '_compiled_call_impl _forward_hooks _forward_hooks_always_called ' +
    '_forward_hooks_with_kwargs _forward_pre_hooks _forward_pre_hooks_with_kwargs ' +
    '_get_backward_hooks _get_backward_pre_hooks _get_name _is_full_backward_hook ' +
    '_load_from_state_dict _load_state_dict_post_hooks _load_state_dict_pre_hooks ' +
    '_maybe_warn_non_full_backward_hook _modules _named_members _non_persistent_buffers_set ' +
    '_parameters _register_load_state_dict_pre_hook _register_state_dict_hook ' +
    '_replicate_for_data_parallel _save_to_state_dict _slow_forward _state_dict_hooks ' +
    '_state_dict_pre_hooks _version _wrapped_call_impl add_module apply bfloat16 buffers ' +
    'call_super_init children compile cpu cuda double dump_patches eval extra_repr float ' +
    'forward get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict ' +
    'modules mtia named_buffers named_children named_modules named_parameters parameters ' +
    'register_backward_hook register_buffer register_forward_hook register_forward_pre_hook ' +
    'register_full_backward_hook register_full_backward_pre_hook ' +
    'register_load_state_dict_post_hook register_load_state_dict_pre_hook register_module ' +
    'register_parameter register_state_dict_post_hook register_state_dict_pre_hook ' +
    'requires_grad_ set_extra_state set_submodule share_memory state_dict to to_empty train ' +
    'training type xpu zero_grad ',
);

/** What modules with weights have beside it: a block that derives from one has it too. */
const ofLayers = words(
  '_apply_instance_norm _check_input_dim _conv_forward _get_no_batch_dim ' +
    '_handle_no_batch_input _output_padding _reversed_padding_repeated_twice affine bias ' +
    'dilation elementwise_affine eps groups in_channels init kernel_size momentum ' +
    'normalized_shape num_batches_tracked num_channels num_features num_groups num_parameters ' +
    'out_channels output_padding padding padding_mode reset_parameters reset_running_stats ' +
    'running_mean running_var stride track_running_stats transposed weight ',
);

/** Globals that emitted code reads. */
const globals = words(
  'F False None NamedTuple Tensor True TypeVar ValueError abs bool float int isinstance list math ' +
    'max min nn range round self super torch tuple',
);

/**
 * Why no weights may hang below a name in a module, or in one that is a layer itself;
 * undefined where they may.
 */
export function attributeProblem(name: string, isOfLayer: boolean): string | undefined {
  if (keywords.has(name)) return 'a keyword of Python';
  if (name.startsWith('__')) return 'changed by Python, for it begins with "__"';
  if (own.has(name) || attributes.has(name)) return 'what every module has';
  if (isOfLayer && ofLayers.has(name)) return 'what such a layer has itself';
  return /^[A-Za-z_]\w*$/.test(name) ? undefined : 'no name in Python';
}

/** What emitted modules have beside their weights. */
const own: ReadonlySet<string> = new Set(['predict', '_frozen']);

export const isAttribute = (name: string, isOfLayer: boolean): boolean =>
  attributeProblem(name, isOfLayer) === undefined;

/** The names that a file declares. */
export const fileNames = (): Names =>
  new Names((name) => !keywords.has(name) && !globals.has(name));

/** The names of one function of a file: none hides what the file declares. */
export const localNames = (file: Names): Names => new Names((name) => file.isFree(name));
