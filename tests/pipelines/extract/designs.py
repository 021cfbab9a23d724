"""Pages of invented outlets: one article in the designs that newsrooms use, with prompts and furniture all around.

Every design is a function from the article's blocks to a page. What it puts around and between them is in ``NOISE`` and
``OTHERS``; none of it may reach the text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Blocks = Sequence[tuple[str, str]]

TITLE = "محطة النورس تضخ أول قطرة ماء بعد عشر سنوات من الانتظار"
AUTHOR = "ميسون الدباغ"
SITE = "مرفأ الأخبار"

#: Blocks of the article: (kind, text). Kinds: p, h (subhead), li, quote (pull quote), post (embedded), row (cells by |).
ARTICLE: Blocks = (
    ("p", "خليج النورس (وكالة الساحل) - بدأت محطة التحلية في خليج النورس ضخ المياه إلى الأحياء الشرقية فجر أمس، بعد عشر سنوات من الوعود المؤجلة والعقود المتعثرة."),
    ("p", "وقال مدير المحطة رامز العاصي إن «الضخ سيكون تدريجياً»، موضحاً أن الشبكة القديمة لا تحتمل الضغط كاملاً قبل نهاية الصيف."),
    ("h", "ثلاث مراحل"),
    ("p", "وتقوم الخطة على ثلاث مراحل أعلنتها سلطة المياه في كتيب وزعته على السكان:"),
    ("li", "ضخ ست ساعات في اليوم"),
    ("li", "فحص الأنابيب في الحي القديم"),
    ("li", "تشغيل الخط الجنوبي"),
    ("p", "ولم تنتظر أم بشار، وهي جدة في السبعين، نشرات المحطة: ملأت الجرار كلها ثم جلست تراقب الصنبور وتضحك."),
    ("quote", "عشنا مع الصهريج عمراً كاملاً، واليوم صار للبيت صوت ماء"),
    ("h", "من يدفع الفاتورة؟"),
    ("p", "وتظهر الأرقام التي نشرتها سلطة المياه أن التعرفة ستبقى على حالها حتى الربيع، ثم ترتفع للشرائح العليا وحدها."),
    ("row", "الشريحة|السعر"),
    ("row", "الأولى|ليرتان"),
    ("row", "الثانية|خمس ليرات"),
    ("post", "وصل الماء إلى حارتنا قبل الشمس #خليج_النورس"),
    ("p", "وشارك في حفل الافتتاح مهندسون ومتطوعون، وتابع الأهالي المشهد من فوق السطوح حتى غابت الشاحنات خلف المرفأ."),
    ("p", "ويبقى السؤال عن الخط الجنوبي معلقاً، فالمتعهد انسحب في الشتاء ولم يعلن عن بديل له حتى الآن."),
)  # fmt: skip

#: What stands between the paragraphs of a page.
NOISE = (
    "كل مساء خلاصة يوم الخليج في بريدك، سجل عنوانك الإلكتروني",
    "مرفأ الأخبار على تلغرام: تابعونا لحظة بلحظة",
    "اقرأ أيضاً: صيادو الخليج يعودون إلى البحر",
    "إعلان",
    "صورة جوية للمحطة في يوم افتتاحها",
)
OTHERS = (
    "بلدية السهل تؤجل مهرجان القمح إلى الخريف المقبل",
    "فريق المرجان يخسر نهائي الكأس بركلات الترجيح",
    "مدرسة الجبل تفتح مكتبة متنقلة لقرى الوادي",
    "ارتفاع أسعار الزيت في أسواق المدينة القديمة",
)
HEAD = (
    f'<meta charset="utf-8"><title>{TITLE} - {SITE}</title><meta property="og:type" content="article">'
    f'<meta property="og:site_name" content="{SITE}"><meta property="og:title" content="{TITLE}">'
)


def links(tag: str = "li", css: str = "") -> str:
    """Return links to other stories."""
    return "".join(f'<{tag} class="{css}"><a href="/n/{i}">{title}</a></{tag}>' for i, title in enumerate(OTHERS))


def page(body: str, head: str = "", attributes: str = "") -> str:
    """Return a whole page."""
    return f'<!doctype html><html dir="rtl" lang="ar"><head>{HEAD}{head}</head><body {attributes}>{body}</body></html>'


def render(blocks: Blocks, make: dict[str, Callable[[str], str]], between: Sequence[str] = ()) -> str:
    """Return the blocks as HTML, with lists and tables around their parts and noise after some paragraphs."""
    parts: list[str] = []
    noise = iter(between)
    for i, (kind, text) in enumerate(blocks):
        before = blocks[i - 1][0] if i else ""
        after = blocks[i + 1][0] if i + 1 < len(blocks) else ""
        if kind == "li":
            made = ("<ul>" if before != "li" else "") + f"<li>{text}</li>" + ("</ul>" if after != "li" else "")
        elif kind == "row":
            cells = "".join(f"<td>{cell}</td>" for cell in text.split("|"))
            made = ("<table>" if before != "row" else "") + f"<tr>{cells}</tr>" + ("</table>" if after != "row" else "")
        else:
            made = make.get(kind, make["p"])(text)
        parts.append(made)
        if kind == "p" and after == "p":
            parts.append(next(noise, ""))
    return "\n".join([*parts[:-1], *noise, parts[-1]])


def paragraph(text: str) -> str:
    return f"<p>{text}</p>"


def blocks_theme(blocks: Blocks) -> str:
    """A block editor's theme: pull quotes, embeds and forms as figures and divs of the content."""
    make: dict[str, Callable[[str], str]] = {
        "p": paragraph,
        "h": lambda t: f'<h2 class="wp-block-heading">{t}</h2>',
        "quote": lambda t: f'<figure class="wp-block-pullquote"><blockquote><p>{t}</p></blockquote></figure>',
        "post": lambda t: (
            '<figure class="wp-block-embed is-type-rich"><div class="wp-block-embed__wrapper">'
            f'<blockquote class="twitter-tweet"><p lang="ar" dir="rtl">{t}</p>&mdash; سكان الخليج (@gulf_people) '
            '<a href="https://twitter.com/x/status/1">November 20, 2026</a></blockquote></div></figure>'
        ),
    }
    noise = (
        f'<div class="wp-block-jetpack-subscriptions"><h3>{NOISE[0]}</h3><form><input type="email"><button>أكمل</button></form></div>',
        f"<p><strong>{NOISE[2].split(':')[0]}:</strong> <a href='/n/0'>{NOISE[2].split(':')[1]}</a></p>",
        f'<figure class="wp-block-image"><img src="a.jpg"><figcaption>{NOISE[4]}</figcaption></figure>',
    )
    return page(
        f'<header><nav class="main-nav"><ul>{links()}</ul></nav></header><main id="primary"><article class="post type-post">'
        f'<header class="entry-header"><h1 class="entry-title">{TITLE}</h1><div class="entry-meta"><span class="byline">بقلم '
        f'<a rel="author" href="/a">{AUTHOR}</a></span> <time datetime="2026-11-20T08:00:00+03:00">20 نوفمبر 2026</time></div></header>'
        f'<div class="entry-content">{render(blocks, make, noise)}'
        f'<div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">شارك هذا الموضوع:</h3><ul><li><a href="#">فيس بوك</a></li></ul></div>'
        f'<div id="jp-relatedposts"><h3>مرتبط</h3>{links("p")}</div></div></article>'
        '<div id="comments" class="comments-area"><h2>رأيان حول “المحطة”</h2><ol><li><p>الله يبارك في جهودكم ونتمنى أن تصل المياه إلى '
        "حينا قبل رمضان، فقد تعبنا من الصهاريج.</p></li></ol></div></main>"
        f'<aside class="widget-area"><section class="widget"><h2>أحدث المقالات</h2><ul>{links()}</ul></section></aside>'
        f'<footer class="site-footer"><p>جميع الحقوق محفوظة © {SITE}</p></footer>',
        attributes='class="rtl single single-post"',
    )


def builder_theme(blocks: Blocks) -> str:
    """A page builder: every paragraph in a widget of its own, five elements deep."""

    def widget(inner: str) -> str:
        return (
            '<div class="elementor-element elementor-widget elementor-widget-text-editor"><div class="elementor-widget-container">'
            f"{inner}</div></div>"
        )

    make: dict[str, Callable[[str], str]] = {
        "p": lambda t: widget(paragraph(t)),
        "h": lambda t: widget(f'<h3 class="elementor-heading-title">{t}</h3>'),
        "quote": lambda t: widget(f"<blockquote>{t}</blockquote>"),
    }
    noise = (
        widget(f'<p>{NOISE[0]}</p><form class="elementor-form"><input type="email" name="e"></form>'),
        widget(f'<div class="elementor-image"><img src="a.jpg"><figcaption>{NOISE[4]}</figcaption></div>'),
        widget(f'<p style="text-align:center"><a href="https://t.me/x">{NOISE[1]}</a></p>'),
    )
    return page(
        f'<div class="elementor elementor-location-header"><ul class="elementor-nav-menu">{links()}</ul></div>'
        f'<div class="elementor elementor-location-single"><section class="elementor-section"><div class="elementor-container">'
        f"{widget(f'<h1>{TITLE}</h1>')}{render(blocks, make, noise)}</div></section></div>"
        f'<div class="elementor elementor-location-footer">{widget(f"<p>{SITE} صحيفة إلكترونية مستقلة</p>")}</div>'
    )


def hashed_classes(blocks: Blocks) -> str:
    """A public broadcaster's kind of page: hashed class names, a region of links within the text, labelled captions."""
    make: dict[str, Callable[[str], str]] = {
        "p": lambda t: (
            f'<div dir="rtl" class="css-19ts0xl e1aczekt0"><p class="css-1xbqt9e e17g058b0" dir="rtl">{t}</p></div>'
        ),
        "h": lambda t: f'<div class="css-t55x8m"><h2 class="css-1lk7o0l e1yj3cbb0" tabindex="-1">{t}</h2></div>',
    }
    noise = (
        f'<section role="region" aria-labelledby="related" class="css-k48d2q"><h2 id="related">قصص قد تثير اهتمامك</h2><ul>{links()}</ul></section>',
        '<figure class="css-1qn0xuy"><div><img src="a.jpg"><p class="css-zzl0ye">مصدر الصورة، Gulf Pictures</p></div>'
        f"<figcaption><span>التعليق على الصورة، </span><p>{NOISE[4]}</p></figcaption></figure>",
        f'<section class="css-1pasvwi"><p>{NOISE[1]}</p><p>اضغط <a href="#">هنا</a> للانضمام</p></section>',
    )
    return page(
        f'<header role="banner"><nav role="navigation"><ul>{links()}</ul></nav></header><div class="css-8h1di1"><main role="main">'
        f'<div class="css-1kd"><h1 id="content" class="css-1ukwxyo">{TITLE}</h1></div>'
        f'<section class="css-5pw0u1"><ul><li>{AUTHOR}</li><li>خليج النورس</li></ul></section><div><time datetime="2026-11-20">20 نوفمبر 2026</time></div>'
        f"{render(blocks, make, noise)}"
        f'</main><div class="css-1sq"><section><h2>الأكثر قراءة</h2><ol>{links()}</ol></section></div></div>'
        f'<footer role="contentinfo"><p>{SITE} غير مسؤول عن محتوى المواقع الخارجية</p></footer>'
    )


def utility_classes(blocks: Blocks) -> str:
    """An application's page: utility classes that sound like furniture, divs for everything, a box in the middle."""
    make: dict[str, Callable[[str], str]] = {
        "p": lambda t: f'<div class="mt-4 text-lg leading-8 text-gray-900">{t}</div>',
        "h": lambda t: f'<div class="mt-8 text-2xl font-bold">{t}</div>',
        "post": lambda t: f'<div class="tweet"><div>{t}</div><div>@gulf_people</div></div>',
    }
    noise = (
        f'<div class="my-6 p-4 rounded bg-slate-100"><div class="font-bold">لا وقت للقراءة؟</div><div>{NOISE[0]}</div>'
        '<div class="flex"><input type="email" placeholder="you@example.com"><button>أريدها</button></div></div>',
        f'<div class="border-y my-4"><div class="text-xs">قد يهمك</div><a href="/n/1">{OTHERS[1]}</a><a href="/n/2">{OTHERS[2]}</a></div>',
        f'<div class="text-xs text-center text-gray-400">{NOISE[3]}</div>',
    )
    return page(
        f'<div id="__next"><div class="flex flex-col min-h-screen"><div class="sticky top-0 flex gap-4">{links("div")}</div>'
        f'<div class="container mx-auto grid"><div class="col-span-8"><h1 class="text-3xl">{TITLE}</h1>'
        f'<div class="text-sm">{AUTHOR}</div><div class="text-sm">منذ 3 ساعات</div><div class="flex"><button>نسخ</button><button>حفظ</button></div>'
        f'<div class="prose max-w-none">{render(blocks, make, noise)}</div>'
        f'<div class="flex flex-wrap"><span>الوسوم</span><a href="/t/1">مياه</a><a href="/t/2">خليج</a></div></div>'
        f'<div class="col-span-4">{"".join(f"<div><a href=/n/{i}><h3>{t}</h3></a><p>{t} في خبر يطول شرحه هنا...</p></div>" for i, t in enumerate(OTHERS))}</div>'
        f'</div><div class="bg-black text-white"><div>{SITE}</div><div>سياسة الخصوصية</div></div></div></div>'
    )


def accelerated(blocks: Blocks) -> str:
    """An accelerated mobile page: custom elements for everything that is not text."""
    make: dict[str, Callable[[str], str]] = {
        "p": paragraph,
        "h": lambda t: f"<h3>{t}</h3>",
        "quote": lambda t: f"<blockquote><p>{t}</p></blockquote>",
    }
    noise = (
        f'<amp-ad width="300" type="x"><div placeholder>{NOISE[3]}</div></amp-ad>',
        f'<amp-social-share type="telegram"></amp-social-share><p class="t"><a href="/n/0">{NOISE[2]}</a></p>',
        f"<p>{NOISE[1]}</p>",
    )
    return page(
        f'<amp-sidebar id="s" layout="nodisplay"><ul>{links()}</ul></amp-sidebar><header class="amp-wp-header">{SITE}</header>'
        f'<article class="amp-wp-article"><header><h1 class="amp-wp-title">{TITLE}</h1><div class="amp-wp-meta">{AUTHOR}</div>'
        f'<div class="amp-wp-meta"><time>20 نوفمبر، 2026 8:00 ص</time></div></header><div class="amp-wp-article-content">{render(blocks, make, noise)}</div>'
        f'<footer class="amp-wp-article-footer"><div>التصنيفات: <a href="/c">محليات</a></div></footer></article>'
        f"<amp-consent><div>نستخدم ملفات تعريف الارتباط</div></amp-consent>"
    )


def form_around_everything(blocks: Blocks) -> str:
    """An old server framework: one form around the page, tables for layout, lines broken by hand."""
    lines: list[str] = []
    for kind, text in blocks:
        lines.append(f"<b>{text}</b>" if kind == "h" else text.replace("|", " "))
    lines.insert(4, f'<a href="sub.aspx"><font color="red">{NOISE[0]}</font></a>')
    body = "<br><br>\n".join(lines)
    return page(
        '<form method="post" action="news.aspx?id=9" id="form1"><input type="hidden" name="__VIEWSTATE" value="x">'
        f'<table width="980" align="center"><tr><td colspan="3"><table><tr>{"".join(f"<td><a href=l{i}.aspx>{t[:14]}</a></td>" for i, t in enumerate(OTHERS))}</tr></table></td></tr>'
        f'<tr><td width="200" valign="top"><font size="2">الأكثر زيارة</font><br>{"<br>".join(f"<a href=n{i}.aspx>{t}</a>" for i, t in enumerate(OTHERS))}</td>'
        f'<td valign="top"><span id="lblTitle" class="ttl">{TITLE}</span><br><span id="lblDate">20/11/2026 08:00 ص</span><br>'
        f'<span id="lblBody"><font face="Simplified Arabic" size="4">{body}</font></span><br><br><a href="print.aspx">طباعة</a> | <a href="mail.aspx">إرسال لصديق</a><br>'
        'عدد القراءات: 1520</td><td width="160"><img src="ad.gif"></td></tr></table></form>'
    )


def structured_newsroom(blocks: Blocks) -> str:
    """A publishing platform: aside boxes, interstitial links and credits inside the body, a standfirst above it."""
    make: dict[str, Callable[[str], str]] = {
        "p": lambda t: f'<p class="b-article__paragraph">{t}</p>',
        "h": lambda t: f'<h2 class="b-article__heading">{t}</h2>',
        "quote": lambda t: f'<aside class="pull-quote"><blockquote>{t}</blockquote></aside>',
    }
    noise = (
        f'<p class="interstitial-link"><a href="/n/3">[{OTHERS[3]}]</a></p>',
        f'<aside class="related-box"><h4>من الملف نفسه</h4><ul>{links()}</ul></aside>',
        f'<div class="b-promo" data-module="newsletter"><p>{NOISE[0]}</p><p>يمكنك المغادرة متى شئت</p></div>',
    )
    return page(
        f'<div class="site-bar"><ul>{links()}</ul></div><article><div class="b-headline"><h1>{TITLE}</h1>'
        f"<p class='b-subheadline'>الضخ يبدأ من الشرق والتعرفة ثابتة حتى الربيع</p></div><div class='b-byline'>{AUTHOR} - خليج النورس</div>"
        f'<figure><img src="a.jpg"><figcaption>{NOISE[4]} (عدسة: سمير رزق)</figcaption></figure>'
        f'<section class="b-article">{render(blocks, make, noise)}<p class="b-article__paragraph"><em>تحرير: هالة منصور</em></p></section></article>'
        f'<section class="b-more"><h2>المزيد في محليات</h2>{"".join(f"<article><h3><a href=/n/{i}>{t}</a></h3><p>{t} بحسب مصادر محلية في المدينة</p></article>" for i, t in enumerate(OTHERS))}</section>'
    )


DESIGNS = (
    blocks_theme, builder_theme, hashed_classes, utility_classes, accelerated, form_around_everything, structured_newsroom,
)  # fmt: skip


def text_of(blocks: Blocks) -> str:
    """Return the text that a reader of any design would copy."""
    return "\n\n".join(text.replace("|", " ") for _, text in blocks)
