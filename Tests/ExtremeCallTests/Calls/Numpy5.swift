// Written by Scripts/generate/extreme-calls.
// swift-format-ignore-file

import MNNCV
import MNNExpr
import MNNGraph
import MNNNumpy

extension Call {
  static let numpy5: [Call] = [
    Call("np.random.seed(_)", [1]) { a in return look(np.random.seed(a.seed(1))) },
    Call("np.random.rand(_)", [1]) { a in return look(np.random.rand(a.int(1, 2), a.int(1, 3))) },
    Call("np.random.randn(_)", [1]) { a in return look(np.random.randn(a.int(1, 2), a.int(1, 3))) },
    Call("np.random.random(_,dtype)", [1, 2]) { a in return look(np.random.random(a.ints(1), dtype: a.dtype(2))) },
    Call("np.random.uniform(_,_,size,dtype)", [1, 2, 3, 4]) { a in return look(np.random.uniform(a.double(1, 0), a.double(2, 1), size: a.ints(3), dtype: a.dtype(4))) },
    Call("np.random.normal(_,_,size,dtype)", [1, 2, 3, 4]) { a in return look(np.random.normal(a.double(1, 0), a.double(2, 1), size: a.ints(3), dtype: a.dtype(4))) },
    Call("np.random.randint(_,_,size,dtype)", [1, 2, 3, 4]) { a in return look(np.random.randint(a.int(1, 1), a.optionalInt(2), size: a.ints(3), dtype: a.dtype(4))) },
    Call("np.random.exponential(_,size,dtype)", [1, 2, 3]) { a in return look(np.random.exponential(a.double(1, 1), size: a.ints(2), dtype: a.dtype(3))) },
    Call("np.random.permutation(_)", [1]) { a in return look(np.random.permutation(a.variable(1))) },
    Call("np.random.permutation(of)", [1]) { a in return look(np.random.permutation(of: a.int(1, 1))) },
    Call("np.random.choice(_,size,replace)", [1, 2, 3]) { a in return look(np.random.choice(a.variable(1), size: a.ints(2), replace: a.flag(3))) },
  ]
}
