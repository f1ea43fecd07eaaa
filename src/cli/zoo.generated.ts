// Generated from specs/zoo by "npm run generate"; do not edit.

/** Networks of papers that the package has as specs, by the name that `unetc init` takes. */
export const zoo: Readonly<Record<string, { readonly spec: string; readonly title: string }>> = {
  'attention-unet': {
    spec: 'specs/attention-unet.unet',
    title: 'Attention U-Net (Oktay et al. 2018)',
  },
  'attention-unet-encoders': {
    spec: 'specs/zoo/attention-unet-encoders.unet',
    title:
      'Attention U-Net (Oktay et al. 2018, figures 1 and 2) over encoders that are published with weights',
  },
  cellpose: {
    spec: 'specs/zoo/cellpose.unet',
    title: 'Cellpose (Stringer et al. 2021, figure 1 and its methods)',
  },
  'convnext-unet': {
    spec: 'specs/zoo/convnext-unet.unet',
    title:
      'U-Net over ConvNeXt-T (Liu et al. 2022, figures 3 and 4), as segmentation_models.pytorch builds it',
  },
  deeplabv3: {
    spec: 'specs/zoo/deeplabv3.unet',
    title: 'DeepLabV3 (Chen et al. 2017, figure 5), as torchvision builds it',
  },
  'deeplabv3-plus': {
    spec: 'specs/zoo/deeplabv3-plus.unet',
    title: 'DeepLabV3+ (Chen et al. 2018, figure 2), as segmentation_models.pytorch builds it',
  },
  'eff-unet': {
    spec: 'specs/eff-unet.unet',
    title:
      'Eff-UNet (Baheti et al. 2020) on EfficientNet-B0, in the form of the libraries for segmentation',
  },
  enet: { spec: 'specs/zoo/enet.unet', title: 'ENet (Paszke et al. 2016, figure 2 and table 1)' },
  erfnet: {
    spec: 'specs/zoo/erfnet.unet',
    title: "ERFNet (Romera et al. 2018, table I and figure 2c), as the authors' PyTorch code",
  },
  'fc-densenet': {
    spec: 'specs/zoo/fc-densenet.unet',
    title:
      'FC-DenseNet103, "the one hundred layers tiramisu" (Jegou et al. 2017, figures 1 and 2 and table 2)',
  },
  fpn: {
    spec: 'specs/zoo/fpn.unet',
    title:
      'Feature pyramid network for segmentation (Kirillov et al. 2019, figure 3), as segmentation_models.pytorch builds it',
  },
  fusenet: {
    spec: 'specs/zoo/fusenet.unet',
    title: 'FuseNet (Hazirbas et al. 2016), sparse fusion at five places ("SF5")',
  },
  'hover-net': {
    spec: 'specs/zoo/hover-net.unet',
    title: "HoVer-Net (Graham et al. 2019), as the authors' PyTorch code in its original form",
  },
  linknet: {
    spec: 'specs/zoo/linknet.unet',
    title:
      'LinkNet (Chaurasia and Culurciello 2017, figures 1 and 2), as segmentation_models.pytorch builds it',
  },
  'mobilenet-v2-unet': {
    spec: 'specs/mobilenet-v2-unet.unet',
    title: 'A U-Net on a narrow MobileNetV2, as Keras has it',
  },
  'multires-unet': {
    spec: 'specs/zoo/multires-unet.unet',
    title: "MultiResUNet (Ibtehaz and Rahman 2020, figures 3 to 5), as the authors' Keras code",
  },
  nnunet: {
    spec: 'specs/zoo/nnunet.unet',
    title:
      'nnU-Net (Isensee et al. 2021, figure 1) as its planner makes it for slices of 512 x 512',
  },
  'nnunet-residual': {
    spec: 'specs/zoo/nnunet-residual.unet',
    title:
      'nnU-Net with a residual encoder (Isensee et al. 2024, "nnU-Net Revisited") for slices of 512 x 512',
  },
  pspnet: {
    spec: 'specs/zoo/pspnet.unet',
    title: 'PSPNet (Zhao et al. 2017, figure 3), as segmentation_models.pytorch builds it',
  },
  r2unet: { spec: 'specs/zoo/r2unet.unet', title: 'R2U-Net (Alom et al. 2018, arXiv:1802.06955)' },
  'residual-unet': {
    spec: 'specs/residual-unet.unet',
    title: "A Deep Residual U-Net (Zhang et al. 2018) as the paper's table has it",
  },
  'resunet-plus-plus': {
    spec: 'specs/zoo/resunet-plus-plus.unet',
    title: "ResUNet++ (Jha et al. 2019, figure 1), as the authors' Keras code",
  },
  'scse-unet': {
    spec: 'specs/zoo/scse-unet.unet',
    title:
      'U-Net over ResNet-34 with squeeze and excitation in space and over channels in its decoder (Roy et al. 2018, figure 1), as segmentation_models.pytorch builds it',
  },
  segnet: { spec: 'specs/segnet.unet', title: 'SegNet (Badrinarayanan et al. 2017)' },
  stardist: {
    spec: 'specs/zoo/stardist.unet',
    title: 'StarDist (Schmidt et al. 2018, figure 1) with the settings of its Keras code',
  },
  u2net: {
    spec: 'specs/zoo/u2net.unet',
    title: "U^2-Net (Qin et al. 2020), as the authors' PyTorch code",
  },
  'unet-2015': {
    spec: 'specs/unet-2015.unet',
    title: 'The U-Net of Ronneberger, Fischer and Brox (2015)',
  },
  'unet-3-plus': { spec: 'specs/unet-3-plus.unet', title: 'UNet 3+ (Huang et al. 2020)' },
  'unet-plus-plus': { spec: 'specs/unet-plus-plus.unet', title: 'U-Net++ (Zhou et al. 2018)' },
  'unet-plus-plus-encoders': {
    spec: 'specs/zoo/unet-plus-plus-encoders.unet',
    title:
      'U-Net++ (Zhou et al. 2018, figure 1) over encoders that are published with weights, as segmentation_models.pytorch builds it',
  },
  'unet-plus-plus-resnet': {
    spec: 'specs/unet-plus-plus-resnet.unet',
    title:
      'U-Net++ over ResNet-34 as segmentation_models.pytorch builds it by default, whose files it reads',
  },
  'unet-resnet': {
    spec: 'specs/unet-resnet.unet',
    title:
      'A U-Net over ResNet-34 as segmentation_models.pytorch builds it by default, whose files it reads',
  },
  upernet: {
    spec: 'specs/zoo/upernet.unet',
    title: 'UPerNet (Xiao et al. 2018, figure 4), as segmentation_models.pytorch builds it',
  },
  'v-net': {
    spec: 'specs/zoo/v-net.unet',
    title: 'V-Net (Milletari et al. 2016, figure 2 and table 1) over slices',
  },
};
