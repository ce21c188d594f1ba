// Written by Scripts/generate/extreme-calls.
// swift-format-ignore-file

extension Call {
  static let groups: [String: [Call]] = ["Subscripts": subscripts, "CV0": cv0, "CV1": cv1, "Expr0": expr0, "Expr1": expr1, "Expr2": expr2, "Expr3": expr3, "Numpy0": numpy0, "Numpy1": numpy1, "Numpy2": numpy2, "Numpy3": numpy3, "Numpy4": numpy4, "Numpy5": numpy5]
}
