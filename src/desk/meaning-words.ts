/**
 * Words that turn the meaning round when they are added: negations and denials, comparisons, words for what may be or
 * was, words that say who does something to whom, and numbers in words. A list for each language of many newsrooms;
 * words beside a number and every sign count without one.
 */
export const meaningWords = `
  not no never nor none neither without nobody nothing cannot cant dont doesnt didnt isnt arent wasnt werent wont
  wouldnt shouldnt couldnt hasnt havent hadnt mustnt aint non anti ex former un deny denies denied denying false fake
  hoax untrue refuse refuses refused reject rejects rejected fail fails failed stop stops stopped halt halts halted
  end ends ended cancel cancels cancelled canceled lift lifts lifted avoid avoids avoided escape escapes escaped
  over under above below more less fewer most least up down almost nearly about around half double twice only least
  higher lower greater smaller better worse than exceeds before after until since again still yet former
  may might could would should can if unless whether will to alleged allegedly reportedly suspected possible possibly
  probable probably likely unlikely planned attempted by from against for with between instead near off out
  zero one two three four five six seven eight nine ten eleven twelve dozen dozens twenty thirty forty fifty sixty
  seventy eighty ninety hundred hundreds thousand thousands million millions billion billions trillion trillions
  first second third last next

  nicht kein keine keinen keinem keiner nie niemals ohne weder noch doch statt dementiert falsch über unter mehr weniger
  mindestens höchstens fast rund etwa halb doppelt nur als bis vor nach seit wieder könnte könnten dürfte soll sollen will
  würde wird werden mutmaßlich angeblich möglicherweise wohl ehemaliger ehemalige von vom durch gegen für mit zwischen
  den dem der des einen einem null zwei drei vier fünf sechs sieben acht neun zehn elf zwölf hundert tausend million
  millionen milliarde milliarden

  ne pas plus jamais aucun aucune rien sans ni dément faux moins environ presque demi seulement avant après depuis
  pourrait pourraient devrait serait seraient peut si présumé ancien ancienne par contre pour avec entre vers zéro deux
  trois quatre cinq sept huit neuf dix cent cents mille millions milliard milliards

  nunca jamás sin ningún ninguna ni nada niega desmiente falso más menos casi unos medio doble solo sólo antes después
  desde hasta podría podrían puede sería si presunto presunta exministro por contra para con entre hacia a al cero dos
  tres cuatro cinco seis siete ocho nueve diez cien cientos mil millón millones

  não nunca jamais sem nenhum nenhuma nem nega desmente mais menos quase cerca meia antes depois até pode poderia
  seria se suposto por pelo pela contra para com entre ao à dois duas três quatro sete oito nove dez cem mil milhão
  milhões bilhão bilhões

  non mai senza nessun nessuno nessuna né niente nega smentisce più meno quasi circa mezzo solo prima dopo fino
  potrebbe sarebbe può se presunto ex da dal dalla contro per con tra verso due tre quattro cinque sei sette otto nove
  dieci cento mille mila milione milioni miliardo miliardi

  niet geen nooit zonder noch ontkent vals meer minder boven onder bijna ongeveer half slechts voor na tot sinds zou
  kan mogelijk vermeende door van tegen met tussen nul twee drie vier vijf zes zeven acht negen tien honderd duizend
  miljoen miljard

  inte ej aldrig utan ingen inget inga nekar falsk över mer mindre nästan cirka bara före efter kan kanske av från mot
  för med mellan ikke aldri uten ingen nekter over under kan af fra mod imod uden aldrig två tre fyra fem sex sju åtta
  nio tio hundra tusen miljoner miljarder

  nie bez ani nigdy żaden nikt nic zaprzecza fałszywy ponad poniżej więcej mniej prawie około tylko przed po do od może
  mógłby jeśli przez przeciw przeciwko dla z ze między dwa trzy cztery pięć sto tysiąc tysięcy milion milionów miliard

  не ни нет без никогда никто ничего никакой нельзя отрицает опровергает опроверг ложь ложный более больше менее меньше
  выше ниже свыше почти около лишь только до после с со от к из может могут мог бы если якобы предположительно
  возможно экс бывший против для между по над под вместо ноль один два две три четыре пять шесть семь восемь девять
  десять сто тысяча тысяч миллион миллиона миллионов миллиард миллиардов
  ні без ніколи ніхто нічого заперечує більше менше понад майже лише тільки до після від може якщо проти для між
  два три чотири мільйон мільйонів мільярд

  değil yok hiç asla olmadan yalanladı sahte fazla az çok en üstünde altında yaklaşık sadece önce sonra kadar olabilir
  eğer iddia eski tarafından karşı için ile arasında mı mi mu mü sıfır bir iki üç dört beş altı yedi sekiz dokuz on yüz
  bin milyon milyar

  δεν μη μην όχι ποτέ χωρίς κανείς τίποτα διαψεύδει ψευδής πάνω κάτω περισσότερο λιγότερο σχεδόν περίπου μόνο πριν μετά
  μπορεί αν θα πρώην από προς κατά για με τον την του της δύο τρεις τέσσερις πέντε χίλιοι εκατομμύρια δισεκατομμύρια

  لا لم لن ليس ليست ما غير بدون دون عدم نفى ينفي تنفي نفت كاذب مزيف أكثر أقل فوق تحت نحو حوالي قرابة تقريبا نصف فقط
  قبل بعد منذ حتى قد ربما يمكن إذا لو سوف سابق السابق مزعوم من إلى على ضد عن مع بين صفر واحد اثنان اثنين ثلاثة أربعة
  خمسة ستة سبعة ثمانية تسعة عشرة مئة مائة ألف آلاف مليون ملايين مليار مليارات دولار يورو
  نه نیست نشد نبود نمی بدون هیچ هرگز تکذیب جعلی بیش بیشتر کمتر بالای زیر حدود تقریبا نیم فقط پیش پس تا شاید ممکن اگر
  سابق از به با علیه برای را توسط میان بین صفر یک دو سه چهار پنج شش هفت هشت نه ده صد هزار میلیون میلیارد دلار یورو
  ریال تومان
  نہیں نہ مت بغیر کبھی کوئی تردید زیادہ کم تقریبا صرف پہلے بعد تک شاید اگر سابق سے کو نے کے خلاف لیے ایک دو تین چار پانچ
  سو ہزار لاکھ کروڑ

  नहीं न ना मत बिना कभी कोई इनकार खंडन झूठा फर्जी ज्यादा अधिक कम ऊपर नीचे करीब लगभग आधा सिर्फ केवल पहले बाद तक शायद
  सकता सकती यदि अगर पूर्व कथित ने को से द्वारा खिलाफ लिए एक दो तीन चार पांच पाँच छह सात आठ नौ दस सौ हजार लाख करोड़ अरब
  না নি নয় নেই ছাড়া কখনো কেউ বেশি কম প্রায় শুধু আগে পরে যদি সাবেক কে থেকে দ্বারা বিরুদ্ধে এক দুই তিন চার পাঁচ শত হাজার
  লাখ কোটি

  לא אין אל בלי ללא מעולם אף מכחיש שקר יותר פחות מעל מתחת כמעט בערך רק לפני אחרי עד אולי אם לשעבר של את על נגד עם בין
  אחד שניים שלושה ארבעה חמישה מאה אלף מיליון מיליארד

  不 没 沒 未 非 无 無 勿 否 别 莫 假 否认 否認 没有 沒有 超 过 過 超过 超過 多 少 以上 以下 未满 未滿 不足 约 約 近 半 仅 僅 前 后 後
  可能 或 若 被 把 将 將 由 从 從 向 对 對 给 給 让 讓 遭 受 与 與 和 比 又 再 已
  ない ません ず ぬ なし 否定 偽 超え 超 未満 以上 以下 約 ほぼ 半 だけ のみ 前 後 かも 可能性 もし 元 が を に へ から より まで と か も
  안 못 없다 없는 아니다 부인 가짜 이상 이하 초과 미만 약 거의 반 만 전 후 가능성 만약 을 를 이 가 에게 에서 으로
  ไม่ ไม่ได้ มิ ไร้ ปราศจาก ปฏิเสธ ปลอม มากกว่า น้อยกว่า เกิน กว่า เกือบ ราว ประมาณ ครึ่ง เพียง ก่อน หลัง อาจ ถ้า หาก อดีต ถูก โดย จาก ต่อ กับ ให้
  không chưa chẳng đừng vô phủ nhận hơn kém trên dưới gần khoảng nửa chỉ trước sau có thể nếu cựu bị được bởi từ cho với
  tidak bukan belum jangan tanpa bantah lebih kurang atas bawah hampir sekitar hanya sebelum sesudah mungkin jika mantan
  oleh dari kepada terhadap untuk dengan antara si hapana bila kabla baada labda kama zaidi chini juu
`

/** Emoji that deny, forbid, allow or compare. */
export const meaningEmoji = '✅ ☑ ✔ ❌ ❎ ✖ ✗ ✘ 🚫 ⛔ 👍 👎 🔺 🔻 ⬆ ⬇ ⬅ ➡ ↗ ↘ 📈 📉'

/** Emoji that only ask for attention; they say nothing of the news. */
export const attentionEmoji = '🚨 🔴 🟥 ⚡ ❗ ❕ ‼ ⁉ ⚠ 📢 📣 🆕 🔔 🛎 🗞 📰 📡 📌 🔥 👉 ➤ ⏰ ⭐ 🛑 🎙 📺 💥'
