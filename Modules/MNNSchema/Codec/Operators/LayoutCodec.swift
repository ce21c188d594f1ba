import MNNGraph

/// Constants, copies, and what only changes how a tensor lies in memory.
enum LayoutCodec {
  static let readers: [OperatorReader] = [
    .one(.Const) { scope throws(FormatError) in try constant(scope) },
    .one(.ConvertTensor, convert),
    .same(.Copy, Identity()),
    .same(.Dropout, Identity()),
    .same(.Identity, Identity()),
    .one(.Raster, raster),
    .one(.TrainableParam) { scope throws(FormatError) in try constant(scope) },
  ]

  static let writers: [OperatorWriter] = [
    .write(Identity.self) { _, _, _ in .make(.Identity) },
    .write(Raster.self, if: { op, _, _ in !op.regions.isEmpty }) { op, node, scope throws(FormatError) in
      let regions = op.regions.map { region in
        var wire = Wire.Region()
        wire.size = WireVector(region.size.map { Int32(clamping: $0) })
        wire.src = view(region.source)
        wire.dst = view(region.target)
        return wire
      }
      scope.describe(regions, sizes: op.shape, of: node.results[0])
      var inputs: [Value.ID?] = []
      for region in op.regions {
        guard region.input < node.inputs.count, let input = node.inputs[region.input] else {
          throw FormatError(.graphInvalid, "a region names an input that is not there", found: "\(region.input)")
        }
        inputs.append(input)
      }
      return .make(.Raster).with(inputs: Array(try scope.inputs(inputs)))
    },
  ]

  /// Operators that MNN computes in NC4HW4 alone, and whose operands it does not convert itself.
  ///
  /// - Parameter op: with the inputs it has, the first of them the image.
  static func inBlocks(_ op: Wire.Op, _ node: Node, _ scope: WritingScope) throws(FormatError) -> Wire.Op {
    func convert(_ index: Int32, _ source: Wire.MNN_DATA_FORMAT, _ target: Wire.MNN_DATA_FORMAT) -> Wire.Op {
      var p = Wire.TensorConvertInfo()
      (p.source, p.dest) = (source, target)
      return .make(.ConvertTensor, p).with(inputs: [index])
    }
    var inputs = Array(try scope.inputs(node.inputs))
    inputs[0] = scope.emit(convert(inputs[0], .NCHW, .NC4HW4), named: "\(node.name)/blocked")
    return convert(scope.emit(op.with(inputs: inputs), named: "\(node.name)/result"), .NC4HW4, .NCHW)
  }

  private static func constant(_ scope: ReadingScope) throws(FormatError) -> Value.ID {
    let (blob, weights) = (scope.main(Wire.Blob.self), scope.model.weights)
    guard let dtype = scope.exactType() else { return scope.constant(try weights.tensor(blob)) }
    return scope.constant(try weights.tensor(blob, exactly: dtype))
  }

  /// Values are kept with their channels first whatever the file says, so only a change between first and last moves anything.
  private static func convert(_ scope: ReadingScope) throws(FormatError) -> Value.ID {
    let info = scope.main(Wire.TensorConvertInfo.self)
    let x = try scope.input(0)
    let (from, to) = (info.source == .NHWC, info.dest == .NHWC)
    guard from != to, try scope.rank(of: x) > 2 else { return try scope.append(Identity(), x) }
    let spatial = Array(1..<(try scope.rank(of: x) - 1))
    let rank = spatial.count + 2
    return try scope.append(
      Transpose(permutation: from ? [0, rank - 1] + spatial : [0] + spatial.map { $0 + 1 } + [1]), x)
  }

  private static func raster(_ scope: ReadingScope) throws(FormatError) -> Value.ID {
    guard let regions = scope.regions, let sizes = scope.describedSizes else {
      throw FormatError(.missing, "a raster has no regions or no sizes", expected: "an entry of extraTensorDescribe")
    }
    var list: [Region] = []
    // MNN lists an input per region and leaves `origin` 0.
    let isPerRegion = scope.inputCount == regions.count
    for (i, region) in regions.enumerated() {
      guard let source = region.src, let target = region.dst, let size = region.size else {
        throw FormatError(.missing, "a region has no views")
      }
      list.append(
        Region(
          input: isPerRegion ? i : Int(region.origin), size: size.map { Int($0) },
          source: View(offset: Int(source.offset), strides: (source.stride ?? []).map { Int($0) }),
          target: View(offset: Int(target.offset), strides: (target.stride ?? []).map { Int($0) })))
    }
    return try scope.append(Raster(shape: sizes, regions: list), scope.inputs)[0]
  }

  private static func view(_ view: View) -> Wire.View {
    var wire = Wire.View()
    wire.offset = Int32(clamping: view.offset)
    wire.stride = WireVector(view.strides.map { Int32(clamping: $0) })
    return wire
  }
}

extension WeightSource {
  /// A constant, borrowed from the file where its type allows. See `Docs/format.md`, 14.
  func tensor(_ blob: Wire.Blob) throws(FormatError) -> Tensor {
    let shape = (blob.dims ?? []).map { Int($0) }
    guard shape.allSatisfy({ $0 >= 0 }) else {
      throw FormatError(.attributeInvalid, "a constant has a negative size", found: "\(shape)")
    }
    if let external = blob.external, external.count >= 2 {
      guard let dtype = blob.dataType.dtype, blob.dataType != .DT_INT64 else {
        throw FormatError(.externalDataInvalid, "an external constant of this type is not known", found: "\(blob.dataType)")
      }
      if blob.dataType == .DT_BFLOAT16 || blob.dataType == .DT_HALF {
        let type: DType = blob.dataType == .DT_HALF ? .float16 : .bfloat16
        return try self.external(offset: external[0], byteCount: external[1], type, shape).asFloats()
      }
      return try self.external(offset: external[0], byteCount: external[1], dtype, shape)
    }
    func elements(_ block: WireBlock?, _ dtype: DType) throws(FormatError) -> Tensor {
      if let block, !shape.contains(0) { return try tensor(block, dtype, shape) }
      guard shape.contains(0) else {
        throw FormatError(.missing, "a constant has no data", expected: "elements for \(shape) of type \(dtype)")
      }
      do throws(GraphError) { return try Tensor(uninitialized: dtype, shape: shape) } catch { throw FormatError(error) }
    }
    switch blob.dataType {
    case .DT_FLOAT: return try elements(blob.float32s?.block, .float32)
    case .DT_INT32: return try elements(blob.int32s?.block, .int32)
    case .DT_INT8: return try elements(blob.int8s?.block, .int8)
    case .DT_UINT8: return try elements(blob.uint8s?.block, .uint8)
    case .DT_HALF: return try elements(blob.uint8s?.block, .float16).asFloats()
    case .DT_BFLOAT16: return try elements(blob.uint8s?.block, .bfloat16).asFloats()
    case .DT_INT64:
      let wide = try elements(blob.int64s?.block, .int64)
      do throws(GraphError) {
        return try Tensor(shape: shape, scalars: wide.scalars(as: Int64.self).map { Int32(clamping: $0) })
      } catch {
        throw FormatError(error)
      }
    case .DT_BOOL:
      let narrow = try elements(blob.int32s?.block, .int32)
      return narrow
    default:
      throw FormatError(.operatorUnsupported, "constants of this type cannot be read", found: "\(blob.dataType)")
    }
  }
}

extension Tensor {
  fileprivate func asFloats() throws(FormatError) -> Tensor {
    do throws(GraphError) { return try converted(to: .float32) } catch { throw FormatError(error) }
  }
}
