import MNNGraph
import MNNNumpy

extension GoldenFunctions {
  static let creation: Table = [
    "arange": { call in
      let values = try call.arguments.indices.map { try call.x($0) }
      let dtype = call.dtype("dtype")
      switch values.count {
      case 1: return [np.arange(values[0], dtype: dtype)]
      case 2: return [np.arange(values[0], values[1], dtype: dtype)]
      default: return [np.arange(values[0], values[1], values[2], dtype: dtype)]
      }
    },
    "array": { [np.array(try $0.x(0), dtype: $0.dtype("dtype"), ndmin: $0.int("ndmin") ?? 0)] },
    "diag": { [np.diag(try $0.x(0), k: $0.int("k") ?? 0)] },
    "diagflat": { [np.diagflat(try $0.x(0), k: $0.int("k") ?? 0)] },
    "empty": { [np.empty(try $0.ints(0), dtype: $0.dtype("dtype") ?? .float32)] },
    "eye": { call in
      let columns = call.arguments.count > 1 ? try call.int(1) : nil
      return [np.eye(try call.int(0), columns, k: call.int("k") ?? 0, dtype: call.dtype("dtype") ?? .float32)]
    },
    "full": { [np.full(try $0.ints(0), try $0.x(1), dtype: $0.dtype("dtype"))] },
    "fullLike": { [np.fullLike(try $0.x(0), try $0.x(1), dtype: $0.dtype("dtype"))] },
    "geomspace": { call in
      [
        np.geomspace(
          try call.x(0), try call.x(1), num: call.int("num") ?? 50, endpoint: call.flag("endpoint", default: true),
          dtype: call.dtype("dtype") ?? .float32)
      ]
    },
    "identity": { [np.identity(try $0.int(0), dtype: $0.dtype("dtype") ?? .float32)] },
    "indices": { [np.indices(try $0.ints(0))] },
    "linspace": { call in
      [
        np.linspace(
          try call.x(0), try call.x(1), num: call.int("num") ?? 50, endpoint: call.flag("endpoint", default: true),
          dtype: call.dtype("dtype") ?? .float32, axis: call.int("axis") ?? 0)
      ]
    },
    "logspace": { call in
      [
        np.logspace(
          try call.x(0), try call.x(1), num: call.int("num") ?? 50, endpoint: call.flag("endpoint", default: true),
          base: call.double("base") ?? 10, dtype: call.dtype("dtype") ?? .float32)
      ]
    },
    "mat": { [np.mat(try $0.x(0))] },
    "meshgrid": { call in
      let x = try call.list(0)
      let (sparse, indexing) = (call.flag("sparse"), call.text("indexing") ?? "xy")
      switch x.count {
      case 1: return np.meshgrid(x[0], sparse: sparse, indexing: indexing)
      case 2: return np.meshgrid(x[0], x[1], sparse: sparse, indexing: indexing)
      default: return np.meshgrid(x[0], x[1], x[2], sparse: sparse, indexing: indexing)
      }
    },
    "ones": { [np.ones(try $0.ints(0), dtype: $0.dtype("dtype") ?? .float32)] },
    "onesLike": { [np.onesLike(try $0.x(0))] },
    "tri": { [np.tri(try $0.int(0), try $0.int(1), k: $0.int("k") ?? 0, dtype: $0.dtype("dtype") ?? .float32)] },
    "tril": { [np.tril(try $0.x(0), k: $0.int("k") ?? 0)] },
    "triu": { [np.triu(try $0.x(0), k: $0.int("k") ?? 0)] },
    "zeros": { [np.zeros(try $0.ints(0), dtype: $0.dtype("dtype") ?? .float32)] },
    "zerosLike": { [np.zerosLike(try $0.x(0), dtype: $0.dtype("dtype"), shape: try $0.axes("shape"))] },
  ]

  static let shapes: Table = [
    "atleast1d": { [np.atleast1d(try $0.x(0))] },
    "atleast2d": { [np.atleast2d(try $0.x(0))] },
    "atleast3d": { [np.atleast3d(try $0.x(0))] },
    "broadcastArrays": { call in
      let x = try call.list(0)
      return np.broadcastArrays(x[0], x[1], x[2])
    },
    "broadcastTo": { [np.broadcastTo(try $0.x(0), try $0.ints(1))] },
    "diagonal": {
      [
        np.diagonal(
          try $0.x(0), offset: $0.int("offset") ?? 0, axis1: $0.int("axis1") ?? 0, axis2: $0.int("axis2") ?? 1)
      ]
    },
    "expandDims": { [np.expandDims(try $0.x(0), try $0.ints(1))] },
    "flip": { [np.flip(try $0.x(0), axis: try $0.axes("axis"))] },
    "fliplr": { [np.fliplr(try $0.x(0))] },
    "flipud": { [np.flipud(try $0.x(0))] },
    "moveaxis": { [np.moveaxis(try $0.x(0), try $0.ints(1), try $0.ints(2))] },
    "pad": { call in
      let mode = PadMode(rawValue: call.text("mode") ?? "constant") ?? .constant
      let values = try call.keywords["constant_values"].map { try call.variable($0) } ?? 0
      let ends = try call.keywords["end_values"].map { try call.variable($0) } ?? 0
      return [np.pad(try call.x(0), try call.x(1), mode: mode, constantValues: values, endValues: ends)]
    },
    "ravel": { [np.ravel(try $0.x(0))] },
    "repeat": { [np.repeat(try $0.x(0), try $0.ints(1), axis: $0.int("axis"))] },
    "reshape": { [np.reshape(try $0.x(0), try $0.ints(1))] },
    "roll": { [np.roll(try $0.x(0), try $0.ints(1), axis: try $0.axes("axis"))] },
    "rollaxis": { [np.rollaxis(try $0.x(0), try $0.int(1), start: $0.int("start") ?? 0)] },
    "rot90": { [np.rot90(try $0.x(0), k: $0.int("k") ?? 1)] },
    "squeeze": { [np.squeeze(try $0.x(0), axis: try $0.axes("axis"))] },
    "swapaxes": { [np.swapaxes(try $0.x(0), try $0.int(1), try $0.int(2))] },
    "tile": { [np.tile(try $0.x(0), try $0.ints(1))] },
    "trace": {
      [np.trace(try $0.x(0), offset: $0.int("offset") ?? 0, axis1: $0.int("axis1") ?? 0, axis2: $0.int("axis2") ?? 1)]
    },
    "transpose": { call in
      [np.transpose(try call.x(0), call.arguments.count > 1 ? try call.ints(1) : nil)]
    },
  ]

  /// One number, or positions.
  private static func sections(_ call: GoldenCall) throws -> any Sections {
    if case .int(let count) = call.arguments[1] { return count }
    return try call.ints(1)
  }

  static let joining: Table = [
    "append": { [np.append(try $0.x(0), try $0.x(1), axis: $0.int("axis"))] },
    "arraySplit": { np.arraySplit(try $0.x(0), try sections($0), axis: $0.int("axis") ?? 0) },
    "columnStack": { [np.columnStack(try $0.list(0))] },
    "concatenate": { [np.concatenate(try $0.list(0), axis: $0.axis(default: 0), dtype: $0.dtype("dtype"))] },
    "dsplit": { np.dsplit(try $0.x(0), try sections($0)) },
    "dstack": { [np.dstack(try $0.list(0))] },
    "hsplit": { np.hsplit(try $0.x(0), try sections($0)) },
    "hstack": { [np.hstack(try $0.list(0))] },
    "split": { np.split(try $0.x(0), try sections($0), axis: $0.int("axis") ?? 0) },
    "stack": { [np.stack(try $0.list(0), axis: $0.int("axis") ?? 0)] },
    "vsplit": { np.vsplit(try $0.x(0), try sections($0)) },
    "vstack": { [np.vstack(try $0.list(0))] },
  ]

  /// The entries of an index as the golden files spell them.
  private static func selections(_ call: GoldenCall) throws -> [IndexSelection] {
    guard case .list(let items) = call.arguments[1] else { throw GoldenCall.Malformed(what: "no index") }
    return try items.map { item in
      switch item {
      case .int(let position): return .position(position)
      case .text(let name): return name == "newaxis" ? .newAxis : .ellipsis
      case .list(let parts):
        let numbers = parts.dropFirst().map { part -> Int? in if case .int(let number) = part { number } else { nil } }
        return .slice(
          start: numbers[0], stop: numbers.count > 1 ? numbers[1] : nil, step: (numbers.count > 2 ? numbers[2] : nil) ?? 1)
      default: return .array(try call.variable(item))
      }
    }
  }

  static let indexing: Table = [
    "get": { [try $0.x(0)[selections: try selections($0)]] },
    "set": { call in
      var x = try call.x(0)
      let before = x
      let contents = try before.tensor().arrayText
      x[selections: try selections(call)] = try call.x(2)
      guard try before.tensor().arrayText == contents else { throw GoldenCall.Malformed(what: "a copy changed") }
      return [x]
    },
  ]
}
