import MNNExpr
import MNNGraph

/// What the cases of Scripts/golden/expr compute.
enum GoldenFunctions {
  static let unary: [String: @Sendable (Variable) -> Variable] = [
    "sign": expr.sign, "abs": expr.abs, "negative": expr.negative, "floor": expr.floor, "round": expr.round, "ceil": expr.ceil,
    "square": expr.square, "sqrt": expr.sqrt, "rsqrt": expr.rsqrt, "exp": expr.exp, "log": expr.log, "sin": expr.sin,
    "sinh": expr.sinh, "cos": expr.cos, "cosh": expr.cosh, "tan": expr.tan, "tanh": expr.tanh, "asin": expr.asin,
    "asinh": expr.asinh, "acos": expr.acos, "acosh": expr.acosh, "atan": expr.atan, "atanh": expr.atanh,
    "reciprocal": expr.reciprocal, "log1p": expr.log1p, "gelu": expr.gelu, "sigmoid": expr.sigmoid, "erf": expr.erf,
    "erfc": expr.erfc, "erfinv": expr.erfinv, "expm1": expr.expm1, "silu": expr.silu, "softplus": expr.softplus,
    "softsign": expr.softsign, "hardswish": expr.hardswish, "isNaN": expr.isNaN, "logicalNot": expr.logicalNot,
  ]

  static let binary: [String: @Sendable (Variable, Variable) -> Variable] = [
    "add": expr.add, "subtract": expr.subtract, "multiply": expr.multiply, "minimum": expr.minimum, "maximum": expr.maximum,
    "squaredDifference": expr.squaredDifference, "floordiv": expr.floordiv, "floormod": expr.floormod, "mod": expr.mod,
    "equal": expr.equal, "notEqual": expr.notEqual, "greater": expr.greater, "greaterEqual": expr.greaterEqual,
    "less": expr.less, "lessEqual": expr.lessEqual, "divide": expr.divide, "trueDivide": { $0 / $1 }, "pow": expr.pow,
    "atan2": expr.atan2, "bitwiseAnd": expr.bitwiseAnd, "bitwiseOr": expr.bitwiseOr, "bitwiseXor": expr.bitwiseXor,
    "logicalAnd": expr.logicalAnd, "logicalOr": expr.logicalOr, "logicalXor": expr.logicalXor,
  ]

  static let reduction: [String: @Sendable (Variable, [Int], Bool) -> Variable] = [
    "reduceSum": expr.reduceSum, "reduceMax": expr.reduceMax, "reduceMin": expr.reduceMin, "reduceProd": expr.reduceProd,
    "reduceMean": expr.reduceMean,
  ]

  /// Read their operands when they are written, or build on a shape that depends on contents.
  static let needsContents: Set<String> = ["svd", "solve", "determinant", "setdiff1d"]

  static let table: [String: @Sendable ([Variable]) -> [Variable]] = reductions.merging(movements) { $1 }
    .merging(indexing) { $1 }.merging(layers) { $1 }.merging(images) { $1 }

  private static let reductions: [String: @Sendable ([Variable]) -> [Variable]] = [
    "biasAdd": { [expr.biasAdd($0[0], $0[1])] },
    "eltwiseProd": { [expr.eltwiseProd($0[0], $0[1])] },
    "eltwiseSum": { [expr.eltwiseSum($0[0], $0[1])] },
    "eltwiseSum.coeff": { [expr.eltwiseSum($0[0], $0[1], coeff: [2, 3])] },
    "eltwiseSub": { [expr.eltwiseSub($0[0], $0[1])] },
    "eltwiseMax": { [expr.eltwiseMax($0[0], $0[1])] },
    "reduceAny.0": { [expr.reduceAny($0[0])] },
    "reduceAny.1": { [expr.reduceAny($0[0], axes: [1])] },
    "reduceAll.0": { [expr.reduceAll($0[0])] },
    "reduceAll.1": { [expr.reduceAll($0[0], axes: [1])] },
    "reduceL2": { [expr.reduceL2($0[0], axes: [1])] },
    "reduceLogSumExp": { [expr.reduceLogSumExp($0[0], axes: [1])] },
    "argmax.0": { [expr.argmax($0[0], axis: 0)] },
    "argmax.1": { [expr.argmax($0[0], axis: 1)] },
    "argmax.-1": { [expr.argmax($0[0], axis: -1)] },
    "argmin.0": { [expr.argmin($0[0], axis: 0)] },
    "argmin.1": { [expr.argmin($0[0], axis: 1)] },
    "argmin.-1": { [expr.argmin($0[0], axis: -1)] },
    "cumsum.0": { [expr.cumsum($0[0], axis: 0)] },
    "cumsum.1": { [expr.cumsum($0[0], axis: 1)] },
    "cumsum.-1": { [expr.cumsum($0[0], axis: -1)] },
    "cumprod.0": { [expr.cumprod($0[0], axis: 0)] },
    "cumprod.1": { [expr.cumprod($0[0], axis: 1)] },
    "cumprod.-1": { [expr.cumprod($0[0], axis: -1)] },
    "moments": {
      let m = expr.moments($0[0]); return [m.mean, m.variance]
    },
    "moments.flat": {
      let m = expr.moments($0[0], keepingDims: false); return [m.mean, m.variance]
    },
    "histogram": { [expr.histogram($0[0], binNum: 4, minVal: 0, maxVal: 4)] },
    "fill": { [expr.fill([2, 3], $0[0])] },
    "zerosLike": { [expr.zerosLike($0[0])] },
    "range": { _ in [expr.range(2, 11, 3)] },
    "range.float": { _ in [expr.range(0.0, 1.0, 0.25)] },
    "svd": { [expr.svd($0[0]).w] },
    "solve": { [expr.solve($0[0], $0[1])] },
    "determinant": { [expr.determinant($0[0])] },
  ]

  private static let movements: [String: @Sendable ([Variable]) -> [Variable]] = [
    "reshape": { [expr.reshape($0[0], [4, -1])] },
    "squeeze": { [expr.squeeze($0[0])] },
    "squeeze.axes": { [expr.squeeze($0[0], axes: [-2])] },
    "unsqueeze": { [expr.unsqueeze($0[0], axes: [0, 3])] },
    "expandDims": { [expr.expandDims($0[0], axis: 1)] },
    "transpose": { [expr.transpose($0[0], perm: [2, 0, 1])] },
    "transpose.reversed": { [$0[0].transposed()] },
    "broadcastTo": { [expr.broadcastTo($0[0], [5, 2, 3, 4])] },
    "rank": { [expr.rank($0[0])] },
    "size": { [expr.size($0[0])] },
    "shape": { [expr.shape($0[0])] },
    "concat": { [expr.concat($0, axis: 1)] },
    "concat.promoted": { [expr.concat($0, axis: 0)] },
    "stack": { [expr.stack($0, axis: 1)] },
    "unstack": { expr.unstack($0[0], axis: 1) },
    "split": { expr.split($0[0], sizes: [1, 2, 1], axis: 2) },
    "split.equal": { expr.split($0[0], count: 2, axis: -1) },
    "tile": { [expr.tile($0[0], [2, 1, 3])] },
    "slice": { [expr.slice($0[0], starts: [1, 0, 1], sizes: [1, 2, -1])] },
    "stridedSlice": {
      [expr.stridedSlice($0[0], begin: [0, 1, 0], end: [0, 3, 0], strides: [-1, 1, 2], beginMask: 5, endMask: 5)]
    },
    "stridedSlice.masks": {
      [
        expr.stridedSlice(
          $0[0], begin: [0, 1, 0, 0, -1], end: [0, 0, 2, 0, 0], strides: [1, 1, 1, 1, 1], ellipsisMask: 8, newAxisMask: 1,
          shrinkAxisMask: 18)
      ]
    },
    "stridedSlice.new": {
      [expr.stridedSlice($0[0], begin: [0, 0, 1], end: [0, 0, 3], strides: [1, 1, 1], ellipsisMask: 1, newAxisMask: 2)]
    },
    "reverse": { [expr.reverse($0[0], axis: 1)] },
    "reverseSequence": { [expr.reverseSequence($0[0], $0[1], batchDim: 0, seqDim: 1)] },
    "pad.constant": { [expr.pad($0[0], [[0, 1], [1, 2], [2, 0]])] },
    "pad.reflect": { [expr.pad($0[0], [[0, 1], [1, 2], [2, 0]], mode: .reflect)] },
    "pad.symmetric": { [expr.pad($0[0], [[0, 1], [1, 2], [2, 0]], mode: .symmetric)] },
    "pad.edge": { [expr.pad($0[0], [[0, 1], [1, 2], [2, 0]], mode: .edge)] },
    "pad.value": { [expr.pad($0[0], [[0, 1], [1, 2], [2, 0]], value: 7.5)] },
    "crop": { [expr.crop($0[0], size: $0[1], axis: 2, offset: [1, 2])] },
    "channelShuffle": { [expr.channelShuffle($0[0], group: 2)] },
    "depthToSpace": { [expr.depthToSpace($0[0], blockSize: 2)] },
    "spaceToDepth": { [expr.spaceToDepth($0[0], blockSize: 2)] },
    "spaceToBatchND": { [expr.spaceToBatchND($0[0], blockShape: [2, 3], paddings: [[0, 0], [0, 0]])] },
    "spaceToBatchND.padded": { [expr.spaceToBatchND($0[0], blockShape: [2, 3], paddings: [[1, 1], [0, 3]])] },
    "batchToSpaceND": { [expr.batchToSpaceND($0[0], blockShape: [2, 3], crops: [[0, 0], [0, 0]])] },
    "batchToSpaceND.cropped": { [expr.batchToSpaceND($0[0], blockShape: [2, 3], crops: [[1, 0], [1, 2]])] },
    "convert.NHWC": { [expr.convert($0[0], .NHWC)] },
    "convert.back": { [expr.convert($0[0], .NHWC).convert(to: .NC4HW4)] },
    "raster": {
      [
        expr.raster(
          $0,
          regions: [
            Region(size: [2, 2], source: View(offset: 5, strides: [1, 12]), target: View(strides: [2, 1]))
          ], shape: [2, 2])
      ]
    },
  ]

  private static let indexing: [String: @Sendable ([Variable]) -> [Variable]] = [
    "gather": { [expr.gather($0[0], $0[1], axis: 1)] },
    "gatherND": { [expr.gatherND($0[0], $0[1])] },
    "gatherElements": { [expr.gatherElements($0[0], $0[1], axis: 2)] },
    "scatterND": { [expr.scatterND($0[0], $0[1], shape: [5, 2])] },
    "oneHot": { [expr.oneHot($0[0], depth: 4)] },
    "oneHot.values": { [expr.oneHot($0[0], depth: 4, onValue: 3, offValue: -1, axis: 0)] },
    "unravelIndex": { [expr.unravelIndex($0[0], shape: [2, 3, 4])] },
    "where": { [expr.where($0[0])] },
    "select": { [expr.select($0[0], $0[1], $0[2])] },
    "matrixBandPart": { [expr.matrixBandPart($0[0], numLower: 1, numUpper: 2)] },
    "matrixBandPart.lower": { [expr.matrixBandPart($0[0], numLower: -1, numUpper: 0)] },
    "sort": { [expr.sort($0[0])] },
    "sort.descending": { [expr.sort($0[0], axis: 0, descend: true)] },
    "sort.indices": { [expr.sort($0[0], arg: true)] },
    "sort.indices.descending": { [expr.sort($0[0], arg: true, descend: true)] },
    "topK": {
      let top = expr.topK($0[0], k: 4); return [top.values, top.indices]
    },
    "setdiff1d": { [expr.setdiff1d($0[0], $0[1])] },
    "nms": { [expr.nms($0[0], $0[1], maxDetections: 9, iouThreshold: 0.3, scoreThreshold: 0.1)] },
  ]

  private static let layers: [String: @Sendable ([Variable]) -> [Variable]] = [
    "conv2d": { [expr.conv2d($0[0], weight: $0[1], bias: $0[2])] },
    "conv2d.strided": {
      [expr.conv2d($0[0], weight: $0[1], bias: $0[2], stride: [1, 2], padding: [0, 1], paddingMode: .caffe)]
    },
    "conv2d.original": {
      [expr.conv2d($0[0], weight: $0[1], bias: $0[2], stride: [1, 2], padding: [0, 1], paddingMode: .caffe)]
    },
    "conv2d.same": { [expr.conv2d($0[0], weight: $0[1], bias: $0[2], stride: [1, 2], paddingMode: .same)] },
    "conv2d.dilated": { [expr.conv2d($0[0], weight: $0[1], dilate: [2, 3])] },
    "conv2d.depthwise": { [expr.conv2d($0[0], weight: $0[1], padding: [1, 1], group: 4, paddingMode: .caffe)] },
    "conv2dTranspose": {
      [expr.conv2dTranspose($0[0], weight: $0[1], bias: $0[2], stride: [1, 2], padding: [0, 1], paddingMode: .caffe)]
    },
    "maxPool": { [expr.maxPool($0[0], kernel: [2, 3], stride: [1, 2])] },
    "avgPool": { [expr.avgPool($0[0], kernel: [2, 2], stride: [1, 1], paddingMode: .caffe, pads: [1, 1])] },
    "avgPool.same": { [expr.avgPool($0[0], kernel: [3, 3], stride: [2, 2], paddingMode: .same)] },
    "scale": { [expr.scale($0[0], channels: 4, scale: [1, 2, 3, 4], bias: [0, 0, 0, 1])] },
    "relu": { [expr.relu($0[0])] },
    "relu.slope": { [expr.relu($0[0], slope: 0.25)] },
    "relu6": { [expr.relu6($0[0])] },
    "prelu": { [expr.prelu($0[0], slopes: [0.1, 0.2, 0.3, 0.4])] },
    "softmax": { [expr.softmax($0[0], axis: 1)] },
    "logSoftmax": { [expr.logSoftmax($0[0])] },
    "elu": { [expr.elu($0[0], alpha: 0.5)] },
    "selu": { [expr.selu($0[0])] },
    "normalize": { [expr.normalize($0[0], acrossSpatial: 0, channelShared: 0, eps: 1e-6, scale: [1, 2, 3, 4])] },
    "layerNorm": { [expr.layerNorm($0[0], gamma: $0[1], beta: $0[2])] },
    "matmul": { [expr.matmul($0[0], $0[1])] },
    "matmul.transposed": { [expr.matmul($0[0], $0[1], transposeA: true, transposeB: true)] },
    "matmul.broadcast": { [$0[0].matmul($0[1])] },
    "matmul.vector": { [$0[0].matmul($0[1])] },
    "quant": { [expr.quant($0[0], scale: $0[1], min: -100, zero: 3)] },
    "dequant": { [expr.dequant($0[0], scale: $0[1], zero: 3)] },
  ]

  private static let images: [String: @Sendable ([Variable]) -> [Variable]] = [
    "resize": { [expr.resize($0[0], xScale: 2, yScale: 1.5)] },
    "resize.nearest": { [expr.resize($0[0], height: 5, width: 13, method: .nearest)] },
    "resize.linear": { [expr.resize($0[0], height: 5, width: 13)] },
    "resize.cubic": { [expr.resize($0[0], height: 5, width: 13, method: .cubic)] },
    "cropAndResize": { [crop($0, [3, 4])] },
    "cropAndResize.nearest": { [crop($0, [4, 5], .nearest)] },
    "cropAndResize.one": { [crop($0, [1, 1])] },
    "detectionPostProcess": {
      expr.detectionPostProcess(
        $0[0], $0[1], $0[2], numClasses: 3, maxDetections: 6, maxClassesPerDetection: 1, detectionsPerClass: 4,
        nmsThreshold: 0.3, iouThreshold: 0.5, useRegularNMS: false, centersizeEncoding: [10, 10, 5, 5])
    },
    "gridSample": { [expr.gridSample($0[0], grid: $0[1])] },
    "gridSample.border": { [expr.gridSample($0[0], grid: $0[1], method: .nearest, padding: .border, alignCorners: true)] },
    "roiPooling": { [expr.roiPooling($0[0], roi: $0[1], pooledHeight: 2, pooledWidth: 2, spatialScale: 1)] },
    "roiAlign": { [expr.roiAlign($0[0], roi: $0[1], pooledHeight: 3, pooledWidth: 2, samplingRatio: 2)] },
  ]

  private static func crop(_ x: [Variable], _ size: [Int], _ method: expr.Interpolation = .bilinear) -> Variable {
    expr.cropAndResize(x[0], boxes: x[1], boxIndices: x[2], cropSize: size, method: method, extrapolationValue: 0.25)
  }
}
