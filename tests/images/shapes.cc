// Methods, a template and a lambda, inlined into a function.
namespace shapes {

volatile int drawn;

template <typename Unit> struct Square {
	Unit side;

	Unit area() const
	{
		return side * side + drawn;
	}
};

class Canvas {
public:
	int draw(Square<int> *square);

private:
	int scale(int value) { return value * drawn; }
};

__attribute__((noinline)) int Canvas::draw(Square<int> *square)
{
	auto twice = [this](int value) { return scale(value) + drawn; };

	return twice(square->area());
}

}

extern "C" int draw_it(shapes::Square<int> *square)
{
	return shapes::Canvas().draw(square) + 1;
}
