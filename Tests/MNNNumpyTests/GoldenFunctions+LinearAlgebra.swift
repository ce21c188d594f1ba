import MNNGraph
import MNNNumpy

extension GoldenFunctions {
  /// The order of a norm as numpy spells it.
  private static func order(_ call: GoldenCall) -> NormOrder? {
    switch call.text("ord") {
    case "fro": .frobenius
    case "nuc": .nuclear
    default: call.double("ord").map { .order($0) }
    }
  }

  static let linalg: Table = [
    "cholesky": { [np.linalg.cholesky(try $0.x(0))] },
    "det": { [np.linalg.det(try $0.x(0))] },
    "eighProduct": { call in
      let (values, vectors) = np.linalg.eigh(try call.x(0))
      return [np.matmul(np.multiply(vectors, values), np.transpose(vectors))]
    },
    "eigvalsh": { [np.linalg.eigvalsh(try $0.x(0))] },
    "inv": { [np.linalg.inv(try $0.x(0))] },
    "lstsq": { call in
      let result = np.linalg.lstsq(try call.x(0), try call.x(1))
      return [result.x, result.residuals, result.rank, result.s]
    },
    "matrixPower": { [np.linalg.matrixPower(try $0.x(0), try $0.int(1))] },
    "matrixRank": { [np.linalg.matrixRank(try $0.x(0))] },
    "norm": { [np.linalg.norm(try $0.x(0), order($0), axis: try $0.axes("axis"), keepdims: $0.keepdims)] },
    "pinv": { [np.linalg.pinv(try $0.x(0))] },
    "qrProduct": { call in
      let (q, r) = np.linalg.qr(try call.x(0))
      return [np.matmul(q, r)]
    },
    "slogdet": { call in
      let result = np.linalg.slogdet(try call.x(0))
      return [result.sign, result.logabsdet]
    },
    "solve": { [np.linalg.solve(try $0.x(0), try $0.x(1))] },
    "svdProduct": { call in
      let (u, s, vt) = np.linalg.svd(try call.x(0), fullMatrices: false)
      return [np.matmul(np.multiply(u, np.expandDims(s, -2)), vt)]
    },
    "svdvals": { [np.linalg.svdvals(try $0.x(0))] },
  ]
}
