//===- LowerToCPUPasses.td - Passes of lib/LowerToCPU ------*- tablegen -*-===//

#ifndef GLU_TRANSFORMS_LOWERTOCPUPASSES_TD
#define GLU_TRANSFORMS_LOWERTOCPUPASSES_TD

include "mlir/Pass/PassBase.td"

def ExpandDots : Pass<"glu-expand-dots"> {
  let summary = "Turn the dot products of chips into arithmetic";
  let description = [{
    Replaces LLVM's intrinsics of dot products that `-glu-vectorize` uses by
    vector arithmetic that computes the same, for chips that do not have them:
    code that is made for one chip can be tried on any other. Floats are added
    one product at a time, as the chips do, but denormal numbers are kept.

    Before:

    ```mlir
    %y = llvm.call_intrinsic "llvm.x86.avx512bf16.dpbf16ps.512"(%s, %x, %w)
           : (vector<16xf32>, vector<32xbf16>, vector<32xbf16>)
           -> vector<16xf32>
    ```

    After:

    ```mlir
    %x1 = vector.shuffle %x, %x [1, 3, 5, ...]
    %w1 = vector.shuffle %w, %w [1, 3, 5, ...]
    %x1f = arith.extf %x1 : vector<16xbf16> to vector<16xf32>
    %w1f = arith.extf %w1 : vector<16xbf16> to vector<16xf32>
    %t = math.fma %x1f, %w1f, %s : vector<16xf32>
    // ... and the same with [0, 2, 4, ...]
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect",
                           "::mlir::vector::VectorDialect"];
}

def ExpandTiles : Pass<"glu-expand-tiles"> {
  let summary = "Turn AMX into arithmetic on vectors";
  let description = [{
    Replaces the operations of AMX by loads, stores and vector arithmetic that
    compute the same, and tile registers by vectors of two dimensions: for chips
    that have none, as `-glu-expand-dots` does for dot products. Slow: to check
    numbers.

    Before:

    ```mlir
    %n = amx.tile_mulf %x, %w, %a : !amx.tile<16x32xbf16>, !amx.tile<16x32xbf16>, !amx.tile<16x16xf32>
    ```

    After:

    ```mlir
    %w0 = vector.shuffle %row, %row [0, 2, 4, ...] // Of the first row of %w.
    %w0f = arith.extf %w0 : vector<16xbf16> to vector<16xf32>
    // ... and so for every row, and [1, 3, 5, ...]
    scf.for %m = %c0 to %c16 step %c1 { // Rows of %x and %a, in memory.
      %b = vector.broadcast %x0 : f32 to vector<16xf32>
      %s = math.fma %b, %w0f, %am : vector<16xf32>
      // ... for each element of the row of %x.
    }
    ```
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect",
                           "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect",
                           "::mlir::vector::VectorDialect"];
}

def LowerAMX : Pass<"glu-lower-amx"> {
  let summary = "Lower AMX to LLVM's intrinsics";
  let description = [{
    As upstream's `-convert-vector-to-llvm=enable-amx`, but tiles may be carried
    by `scf.for`, too.

    Before:

    ```mlir
    %t = amx.tile_zero : !amx.tile<16x16xf32>
    %s = scf.for ... iter_args(%a = %t) -> (!amx.tile<16x16xf32>) {
    ```

    After:

    ```mlir
    %t = llvm.call_intrinsic "llvm.x86.tilezero.internal"(%c16, %c64) : (i16, i16) -> !llvm.x86_amx
    %s = scf.for ... iter_args(%a = %t) -> (!llvm.x86_amx) {
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def ResultsToDestinations
    : Pass<"glu-results-to-destinations", "::mlir::ModuleOp"> {
  let summary = "Let callers of public functions say where results go";
  let description = [{
    Tensor results of public functions become memref arguments, in order after
    the others, as a function of C has them. Bufferisation then computes a
    result in its destination where it can, without an allocation or a copy.
    Other results stay. Tensor arguments are marked as not writable: a caller
    finds them as they were. A destination must have the sizes of the result and
    may overlap nothing else. A reshape at the end of a function is done to the
    destination instead. An operand that gives a result its shape, and is not
    read, becomes an empty tensor.

    A public function that is called in the module, or with a result of unknown
    rank or with an encoding, is an error.

    Before:

    ```mlir
    func.func @f(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
      %y = ... : tensor<?x8xf32>
      return %y : tensor<?x8xf32>
    }
    ```

    After:

    ```mlir
    func.func @f(%x: tensor<?x8xf32> {bufferization.writable = false},
                 %out: memref<?x8xf32>) {
      %y = ... : tensor<?x8xf32>
      bufferization.materialize_in_destination %y in restrict writable %out
        : (tensor<?x8xf32>, memref<?x8xf32>) -> ()
      return
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::bufferization::BufferizationDialect",
                           "::mlir::func::FuncDialect",
                           "::mlir::memref::MemRefDialect"];
}

def CheckVectors : Pass<"glu-check-vectors"> {
  let summary = "Refuse vectors that no chip has registers for";
  let description = [{
    A vector of more than 65536 elements is an error: upstream's passes take
    vectors apart into elements, which would take for ever, and die of some
    sizes.

    ```mlir
    %v = vector.broadcast %x : f32 to vector<4294967296xf32>
    // error: has a vector of more than 65536 elements
    ```
  }];
}

def HugePages : Pass<"glu-huge-pages", "::mlir::ModuleOp"> {
  let summary = "Large buffers in pages of 2 MB";
  let description = [{
    Buffers of a known size of 4 MB and more, as packed weights are, ask Linux
    for huge pages, which are filled and read faster (`madvise(2)`; without
    effect where the kernel is set to give none, or all). Nothing is done in a
    module that has a function `madvise` of its own.

    Before:

    ```mlir
    %panels = memref.alloc() {alignment = 64 : i64} : memref<2048x1024xf32>
    ```

    After:

    ```mlir
    func.func private @madvise(i64, i64, i32) -> i32
    ...
    %panels = memref.alloc() {alignment = 64 : i64} : memref<2048x1024xf32>
    %address = memref.extract_aligned_pointer_as_index %panels : memref<2048x1024xf32> -> index
    %0 = arith.index_cast %address : index to i64
    %page = arith.andi %0, %c-4096_i64 : i64
    %1 = call @madvise(%page, %c8388608_i64, %c14_i32) : (i64, i64, i32) -> i32
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::func::FuncDialect",
                           "::mlir::memref::MemRefDialect"];
}

def RemoveDeallocations : Pass<"glu-remove-deallocations"> {
  let summary = "Leave the end of buffers to bufferization";
  let description = [{
    Upstream's deallocation of buffers, which frees what bufferization made and
    what the input allocates, refuses functions that free something themselves.
    So `memref.dealloc` of what `memref.alloc` made in sight goes before it, and
    the buffer lives to the end of its block.

    Before:

    ```mlir
    %t = memref.alloc() : memref<8x16xf32>
    linalg.exp ins(%x : memref<8x16xf32>) outs(%t : memref<8x16xf32>)
    memref.dealloc %t : memref<8x16xf32>
    ```

    After:

    ```mlir
    %t = memref.alloc() : memref<8x16xf32>
    linalg.exp ins(%x : memref<8x16xf32>) outs(%t : memref<8x16xf32>)
    ```
  }];
  let dependentDialects = ["::mlir::memref::MemRefDialect"];
}

def ReserveNames : Pass<"glu-reserve-names", "::mlir::ModuleOp"> {
  let summary = "Keep the names of the C library's functions free";
  let description = [{
    Later passes declare functions of the C library (`@expf`, `@malloc`), and
    LLVM takes any function of such a name for that function. Private functions
    with bodies that are called so get other names; a public one is an error.

    Before:

    ```mlir
    func.func private @expf(%x: f32) -> f32 { ... }
    func.func @f(%x: f32) -> f32 {
      %y = call @expf(%x) : (f32) -> f32
    ```

    After:

    ```mlir
    func.func private @expf_0(%x: f32) -> f32 { ... }
    func.func @f(%x: f32) -> f32 {
      %y = call @expf_0(%x) : (f32) -> f32
    ```
  }];
}

def ExpandCopies : Pass<"glu-expand-copies"> {
  let summary = "Turn copies of strided memrefs into linalg";
  let description = [{
    `memref.copy` between whole buffers becomes a `memcpy`; any other one would
    become a call of a runtime library that copies element by element. As
    linalg it becomes loops, which LLVM vectorises, and code needs no library.
    With `keep-dense`, parts of buffers of known size whose elements all lie
    beside each other stay too: a `memcpy` on the CPU.

    Before:

    ```mlir
    memref.copy %x, %y : memref<4x4xf32, strided<[8, 1]>> to memref<4x4xf32>
    ```

    After:

    ```mlir
    linalg.generic {indexing_maps = [#id, #id],
                    iterator_types = ["parallel", "parallel"]}
        ins(%x : memref<4x4xf32, strided<[8, 1]>>) outs(%y : memref<4x4xf32>) {
    ^bb0(%in: f32, %out: f32):
      linalg.yield %in : f32
    }
    ```
  }];
  let options = [
    Option<"keepDense", "keep-dense", "bool", "false",
           "leave copies between dense parts of buffers">
  ];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

def ExpandReshapes : Pass<"glu-expand-reshapes"> {
  let summary = "Turn memref.expand_shape with several unknown sizes into casts";
  let description = [{
    Upstream's `-expand-strided-metadata` takes no `memref.expand_shape` that
    splits one dimension into several of unknown size. Those become
    `memref.reinterpret_cast`, with strides that are products of the sizes.

    Before:

    ```mlir
    %y = memref.expand_shape %x [[0, 1], [2]] output_shape [%b, %t, 5]
           : memref<?x5xf32> into memref<?x?x5xf32>
    ```

    After:

    ```mlir
    %base, %offset, %sizes:2, %strides:2 = memref.extract_strided_metadata %x
    %s = affine.apply affine_map<()[s0] -> (s0 * 5)>()[%t]
    %y = memref.reinterpret_cast %base to offset: [0], sizes: [%b, %t, 5],
           strides: [%s, 5, 1] : memref<f32> to memref<?x?x5xf32>
    ```
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::memref::MemRefDialect"];
}

def ExpandSubViews : Pass<"glu-expand-subviews"> {
  let summary = "Split memref.subview that drops dimensions in doubtful ways";
  let description = [{
    Upstream's passes do not find out which dimensions a `memref.subview` drops
    if it also takes steps or keeps others of size one: they go by the strides.
    Such a one becomes a subview of full rank and a `memref.collapse_shape`. A
    step of zero, which no layout has, is an error.

    Before:

    ```mlir
    %y = memref.subview %x[0, 0, 0] [1, 2, 1] [1, 2, 1]
           : memref<1x3x1xf32> to memref<1x2xf32, strided<[3, 2]>>
    ```

    After:

    ```mlir
    %0 = memref.subview %x[0, 0, 0] [1, 2, 1] [1, 2, 1]
           : memref<1x3x1xf32> to memref<1x2x1xf32, strided<[3, 2, 1]>>
    %y = memref.collapse_shape %0 [[0], [1, 2]] : ...
    ```
  }];
  let dependentDialects = ["::mlir::memref::MemRefDialect"];
}

def ExpandNarrowFloats : Pass<"glu-expand-narrow-floats"> {
  let summary = "Convert f8 types to and from f32 by integer arithmetic";
  let description = [{
    No chip converts the f8 types one by one, and LLVM has no such types.
    `arith.extf` and `arith.truncf` from and to them become arithmetic on their
    bits, on scalars and vectors, by way of f32: rounded to nearest, ties to
    even; NaN stays NaN, and what is too large becomes the infinity or, in types
    without one, NaN, as `arith.truncf` is folded. From f64, f32 is rounded to
    first. The FNUZ types have no negative zero.

    Before:

    ```mlir
    %y = arith.extf %x : f8E5M2 to f32
    ```

    After:

    ```mlir
    %0 = arith.bitcast %x : f8E5M2 to i8
    %bits = arith.extui %0 : i8 to i32
    %magnitude = arith.andi %bits, %c127 : i32
    %moved = arith.shli %magnitude, %c21 : i32
    %1 = arith.bitcast %moved : i32 to f32
    %value = arith.mulf %1, %2^112 : f32
    // ... the sign, infinity and NaN
    ```
  }];
  let options = [
    Option<"half", "half", "bool", "false",
           "expand f16 too: for chips without instructions for it">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def AnnotateLoops : Pass<"glu-annotate-loops"> {
  let summary = "Loop annotations to branches";
  let description = [{
    Runs on functions of the LLVM dialect. What an `scf.for` says to LLVM about
    itself, as `-glu-vectorize` does of short loops that shall stay loops, is
    carried to the branch back by upstream's conversions, but as an attribute
    that the translation to LLVM IR does not read. It becomes the branch's own.

    Before:

    ```mlir
    llvm.br ^bb1(%next : i64) {llvm.loop_annotation = #loop_annotation}
    ```

    After:

    ```mlir
    llvm.br ^bb1(%next : i64) {loop_annotation = #loop_annotation}
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def MoveFloatsAsIntegers : Pass<"glu-move-floats-as-integers"> {
  let summary = "Move 16-bit floats as integers";
  let description = [{
    Runs on functions of the LLVM dialect. Where a chip has no instructions for
    bf16 (or f16), LLVM widens values that are only moved, by a branch or a
    masked access, and narrows them again by functions that code ahead of time
    does not have. So loads, stores, selections and branches move the bits.

    Before:

    ```mlir
    %v = llvm.intr.masked.load %p, %mask, %other {alignment = 2 : i32}
      : (!llvm.ptr, vector<8xi1>, vector<8xbf16>) -> vector<8xbf16>
    ```

    After:

    ```mlir
    %bits = llvm.bitcast %other : vector<8xbf16> to vector<8xi16>
    %loaded = llvm.intr.masked.load %p, %mask, %bits {alignment = 2 : i32}
      : (!llvm.ptr, vector<8xi1>, vector<8xi16>) -> vector<8xi16>
    %v = llvm.bitcast %loaded : vector<8xi16> to vector<8xbf16>
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def ReturnFailures : Pass<"glu-return-failures", "::mlir::ModuleOp"> {
  let summary = "Failed assertions return, with their message";
  let description = [{
    Runs on the LLVM dialect, where a failed assertion is a message and
    `abort`. Every C wrapper (`@_mlir_ciface_f`) gets one argument more, and so
    does every function that fails or calls one that does: where to store the
    address of a message, a sentence. After a failure a function returns at
    once, and its result is poison; a turn of an OpenMP loop ends, and the
    function once all threads are done. Who calls has to look whether there is
    a message. Memory that was allocated before a failure is not freed.

    What stays as it is: assertions in functions whose address is taken, and in
    OpenMP's regions outside of loops.

    With `check-allocations`, memory that `malloc` does not give is a failure
    too.

    Before:

    ```mlir
    llvm.func @f(%ok: i1) -> i64 {
      llvm.cond_br %ok, ^bb1, ^bb2
    ^bb1:
      ...
    ^bb2:
      llvm.call @puts(%message) : (!llvm.ptr) -> ()
      llvm.call @abort() : () -> ()
      llvm.unreachable
    }
    ```

    After:

    ```mlir
    llvm.func @f(%ok: i1, %failure: !llvm.ptr) -> i64 {
      llvm.cond_br %ok, ^bb1, ^bb2
    ^bb1:
      ...
    ^bb2:
      %sentence = llvm.mlir.addressof @glu_failure : !llvm.ptr
      llvm.store %sentence, %failure atomic monotonic {alignment = 8 : i64}
        : !llvm.ptr, !llvm.ptr
      %result = llvm.mlir.poison : i64
      llvm.return %result : i64
    }
    ```
  }];
  let options = [
    Option<"checkAllocations", "check-allocations", "bool", /*default=*/"false",
           "memory that is not there is a failure">];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif // GLU_TRANSFORMS_LOWERTOCPUPASSES_TD
