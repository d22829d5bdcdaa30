import { directionOf } from '../../src/protocol/direction-of.ts'

const names = [
  'title',
  'skip',
  'live',
  'feed',
  'edition',
  'look',
  'list',
  'strip',
  'crawl',
  'theme',
  'automatic',
  'light',
  'dark',
  'direction',
  'asFeed',
  'ltr',
  'rtl',
  'language',
  'max',
  'all',
  'notices',
  'noticesHint',
  'which',
  'urgency',
  'sections',
  'regions',
  'commas',
  'putAs',
  'element',
  'frame',
  'include',
  'copyThis',
  'pin',
  'preview',
  'elementIs',
  'frameIs',
  'wordpressIs',
  'includeIs',
  'scriptAndElement',
  'shortcode',
  'address',
  'tryIt',
  'copy',
  'copied',
  'selected',
  'noFeed',
  'chooseFeed',
  'noSlug',
  'atMost',
  'whole',
  'empty',
  'unknown',
  'announce',
  'usual',
  'off',
  'cache',
  'share',
  'hidden',
  'collapse',
  'font',
  'fontOwn',
  'fontSystem',
  'waits',
  'openPiece',
] as const
type Name = (typeof names)[number]

/** The texts of the builder page in one language. `#` stands for a name or a number. */
export type BuilderWords = Readonly<Record<Name, string>> & {
  readonly lang: string
  readonly dir: 'ltr' | 'rtl'
}

/** The texts in the first of the reader's languages that has some, else in English. */
export function builderWordsFor(preferred: readonly string[]): BuilderWords {
  const known = preferred
    .map((tag) => tag.toLowerCase().split('-')[0] ?? '')
    .find((lang) => Object.hasOwn(rows, lang))
  const lang = known ?? 'en'
  const texts = (rows[lang] ?? '').split('|')
  const words = Object.fromEntries(names.map((name, n) => [name, texts[n] ?? ''])) as Record<Name, string>
  return { ...words, lang, dir: directionOf(lang) }
}

/** In the order of the names. */
const rows: Readonly<Record<string, string>> = {
  en: `Put the headlines on your site|Skip to the result|Live headlines|Feed|Edition|Look|List|Strip|Crawl|Theme|Automatic|Light|Dark|Direction|As the feed|Left to right|Right to left|Language|Most headlines|All|Minutes for which a notice replaces a withdrawn headline|0: no notices. A crawl has none.|Which headlines|Urgency|Sections|Regions|With commas between them|Put it in as|Element|Frame|HTML, no script|Copy this|Pin this version of the script with a hash (SRI)|How it looks|The headlines become a part of your page and can take its fonts. The operator must allow your site first.|A separate page inside yours, with its own scripts and styles. It shows headlines without JavaScript, too.|The shortcode needs the small plugin; the block “Custom HTML” takes the frame as it is.|A piece of HTML that your server puts into its pages, without script or style. It is current when the page is made and does not stay live.|Script and element|Shortcode|Address|Try it|Copy|Copied: #.|Selected: copy it with your keyboard.|There is no feed to show, or the list cannot be loaded.|Choose an edition.|“#” is no slug: use a–z, 0–9 and -, at most 40.|At most #.|A whole number from # to #.|No headline of this feed passes now.|The feed has no headline in: #|Announce to screen readers|Usual|Off|Keep the last headlines in the reader’s browser; ask for consent first|One connection for all tabs of the browser|Begin hidden, until your page takes the attribute “hidden” away|Take no room without headlines|Typeface|From this server|Of the reader’s system|The headlines show here when the script has loaded.|Open the piece of HTML as it is now`,
  ar: `ضع العناوين في موقعك|انتقل إلى النتيجة|العناوين المباشرة|القناة|الطبعة|المظهر|قائمة|شريط|شريط متحرك|السمة|تلقائي|فاتح|داكن|الاتجاه|كالقناة|من اليسار إلى اليمين|من اليمين إلى اليسار|اللغة|أقصى عدد للعناوين|الكل|دقائق بقاء الإشعار مكان عنوان مسحوب|0: بلا إشعارات. ولا إشعارات في الشريط المتحرك.|أي العناوين|درجة الإلحاح|الأقسام|المناطق|تفصل بينها فواصل|أدرجه على هيئة|عنصر|إطار|HTML بلا برنامج|انسخ هذا|تثبيت هذه النسخة من البرنامج ببصمة (SRI)|كيف يبدو|تصير العناوين جزءًا من صفحتك ويمكنها أن تأخذ خطوطها. يجب أن يسمح المشغّل بموقعك أولًا.|صفحة مستقلة داخل صفحتك لها برامجها وأنماطها، وتعرض العناوين بلا JavaScript أيضًا.|يحتاج الرمز المختصر إلى الإضافة الصغيرة، أما مكوّن “Custom HTML” فيأخذ الإطار كما هو.|قطعة HTML يضعها خادمك في صفحاته بلا برنامج ولا نمط. تكون حديثة عند إنشاء الصفحة ولا تُحدَّث بعدها.|البرنامج والعنصر|الرمز المختصر|العنوان|جرّبه|نسخ|نُسخ: #.|حُدِّد: انسخه بلوحة المفاتيح.|لا توجد قناة، أو تعذّر تحميل القائمة.|اختر طبعة.|“#” ليس معرّفًا: استعمل a–z و0–9 و-، بحد أقصى 40.|بحد أقصى #.|عدد صحيح من # إلى #.|لا يمر الآن أي عنوان من هذه القناة.|لا عنوان في القناة ضمن: #|الإعلان لقارئات الشاشة|المعتاد|إيقاف|إبقاء آخر العناوين في متصفح القارئ بعد موافقته|اتصال واحد لكل ألسنة المتصفح|البدء مخفيًا حتى تزيل صفحتك السمة “hidden”|لا يشغل مكانًا بلا عناوين|الخط|من هذا الخادم|من نظام القارئ|تظهر العناوين هنا بعد تحميل البرنامج.|افتح قطعة HTML كما هي الآن`,
  es: `Ponga los titulares en su sitio|Ir al resultado|Titulares en directo|Canal|Edición|Aspecto|Lista|Tira|Rótulo móvil|Tema|Automático|Claro|Oscuro|Dirección|Como el canal|De izquierda a derecha|De derecha a izquierda|Idioma|Máximo de titulares|Todos|Minutos que un aviso ocupa el lugar de un titular retirado|0: sin avisos. El rótulo móvil no los tiene.|Qué titulares|Urgencia|Secciones|Regiones|Separadas por comas|Insertar como|Elemento|Marco|HTML sin script|Copie esto|Fijar esta versión del script con un hash (SRI)|Cómo se ve|Los titulares pasan a ser parte de su página y pueden tomar sus tipos de letra. El operador debe permitir antes su sitio.|Una página aparte dentro de la suya, con sus propios scripts y estilos. También muestra titulares sin JavaScript.|El shortcode necesita el pequeño plugin; el bloque “HTML personalizado” admite el marco tal cual.|Un fragmento de HTML que su servidor pone en sus páginas, sin script ni estilo. Está al día cuando se crea la página y no se actualiza.|Script y elemento|Shortcode|Dirección|Probar|Copiar|Copiado: #.|Seleccionado: cópielo con el teclado.|No hay ningún canal, o no se puede cargar la lista.|Elija una edición.|“#” no es un identificador: use a–z, 0–9 y -, como máximo 40.|Como máximo #.|Un número entero de # a #.|Ahora no pasa ningún titular de este canal.|El canal no tiene titulares en: #|Anunciar a lectores de pantalla|Lo usual|No|Guardar los últimos titulares en el navegador del lector, con su consentimiento|Una conexión para todas las pestañas|Empezar oculto, hasta que su página quite el atributo “hidden”|No ocupar sitio sin titulares|Tipo de letra|De este servidor|Del sistema del lector|Los titulares aparecen aquí cuando se carga el script.|Abrir el fragmento de HTML actual`,
  fr: `Mettez les titres sur votre site|Aller au résultat|Titres en direct|Fil|Édition|Aspect|Liste|Bandeau|Défilant|Thème|Automatique|Clair|Sombre|Sens|Comme le fil|De gauche à droite|De droite à gauche|Langue|Nombre maximal de titres|Tous|Minutes pendant lesquelles un avis remplace un titre retiré|0 : aucun avis. Le défilant n’en a pas.|Quels titres|Urgence|Rubriques|Régions|Séparées par des virgules|À insérer comme|Élément|Cadre|HTML sans script|Copiez ceci|Fixer cette version du script par une empreinte (SRI)|Aperçu|Les titres font partie de votre page et peuvent prendre ses polices. L’opérateur doit d’abord autoriser votre site.|Une page à part dans la vôtre, avec ses scripts et ses styles. Elle montre les titres même sans JavaScript.|Le code court demande la petite extension ; le bloc « HTML personnalisé » prend le cadre tel quel.|Un morceau de HTML que votre serveur met dans ses pages, sans script ni style. Il est à jour quand la page est faite et ne l’est plus ensuite.|Script et élément|Code court|Adresse|Essayer|Copier|Copié : #.|Sélectionné : copiez avec le clavier.|Il n’y a pas de fil, ou la liste ne peut être chargée.|Choisissez une édition.|« # » n’est pas un identifiant : a–z, 0–9 et -, 40 au plus.|Au plus #.|Un nombre entier de # à #.|Aucun titre de ce fil ne passe en ce moment.|Le fil n’a aucun titre dans : #|Annoncer aux lecteurs d’écran|Habituel|Non|Garder les derniers titres dans le navigateur du lecteur, avec son accord|Une connexion pour tous les onglets|Commencer masqué, jusqu’à ce que votre page retire l’attribut « hidden »|Ne prendre aucune place sans titre|Police|De ce serveur|Du système du lecteur|Les titres s’affichent ici quand le script est chargé.|Ouvrir le morceau de HTML actuel`,
  de: `Die Meldungen auf Ihrer Website|Zum Ergebnis|Meldungen live|Feed|Ausgabe|Aussehen|Liste|Leiste|Laufband|Farben|Automatisch|Hell|Dunkel|Richtung|Wie der Feed|Von links nach rechts|Von rechts nach links|Sprache|Höchstzahl der Meldungen|Alle|Minuten, die ein Hinweis an der Stelle einer zurückgezogenen Meldung steht|0: keine Hinweise. Ein Laufband hat keine.|Welche Meldungen|Dringlichkeit|Ressorts|Regionen|Durch Kommas getrennt|Einsetzen als|Element|Rahmen|HTML ohne Skript|Dies kopieren|Diese Version des Skripts mit einem Hash festhalten (SRI)|So sieht es aus|Die Meldungen werden Teil Ihrer Seite und können ihre Schriften annehmen. Der Betreiber muss Ihre Website vorher zulassen.|Eine eigene Seite in Ihrer, mit eigenen Skripten und Stilen. Sie zeigt Meldungen auch ohne JavaScript.|Der Shortcode braucht das kleine Plugin; der Block „Individuelles HTML“ nimmt den Rahmen, wie er ist.|Ein Stück HTML, das Ihr Server in seine Seiten setzt, ohne Skript und Stil. Es ist beim Erzeugen der Seite aktuell und bleibt nicht live.|Skript und Element|Shortcode|Adresse|Ausprobieren|Kopieren|Kopiert: #.|Markiert: mit der Tastatur kopieren.|Es gibt keinen Feed, oder die Liste lässt sich nicht laden.|Wählen Sie eine Ausgabe.|„#“ ist kein Kürzel: a–z, 0–9 und -, höchstens 40.|Höchstens #.|Eine ganze Zahl von # bis #.|Zurzeit passt keine Meldung dieses Feeds.|Der Feed hat keine Meldung in: #|Vorlesen durch Screenreader|Üblich|Aus|Die letzten Meldungen im Browser des Lesers behalten, mit dessen Einwilligung|Eine Verbindung für alle Tabs|Verborgen beginnen, bis Ihre Seite das Attribut „hidden“ entfernt|Ohne Meldungen keinen Platz einnehmen|Schrift|Von diesem Server|Vom System des Lesers|Die Meldungen erscheinen hier, wenn das Skript geladen ist.|Das Stück HTML von jetzt öffnen`,
  pt: `Ponha os títulos no seu site|Ir para o resultado|Títulos em direto|Canal|Edição|Aspeto|Lista|Faixa|Rodapé móvel|Tema|Automático|Claro|Escuro|Direção|Como o canal|Da esquerda para a direita|Da direita para a esquerda|Língua|Máximo de títulos|Todos|Minutos em que um aviso substitui um título retirado|0: sem avisos. O rodapé móvel não os tem.|Que títulos|Urgência|Secções|Regiões|Separadas por vírgulas|Inserir como|Elemento|Moldura|HTML sem script|Copie isto|Fixar esta versão do script com um hash (SRI)|Como fica|Os títulos passam a fazer parte da sua página e podem usar as suas fontes. O operador tem de autorizar antes o seu site.|Uma página à parte dentro da sua, com scripts e estilos próprios. Mostra títulos mesmo sem JavaScript.|O shortcode precisa do pequeno plugin; o bloco “HTML personalizado” aceita a moldura tal como está.|Um pedaço de HTML que o seu servidor põe nas páginas, sem script nem estilo. Está atual quando a página é feita e não se mantém em direto.|Script e elemento|Shortcode|Endereço|Experimentar|Copiar|Copiado: #.|Selecionado: copie com o teclado.|Não há canal, ou a lista não pode ser carregada.|Escolha uma edição.|“#” não é um identificador: use a–z, 0–9 e -, no máximo 40.|No máximo #.|Um número inteiro de # a #.|Agora nenhum título deste canal passa.|O canal não tem títulos em: #|Anunciar a leitores de ecrã|Habitual|Não|Guardar os últimos títulos no navegador do leitor, com o seu consentimento|Uma ligação para todos os separadores|Começar oculto, até a sua página retirar o atributo “hidden”|Não ocupar espaço sem títulos|Tipo de letra|Deste servidor|Do sistema do leitor|Os títulos aparecem aqui quando o script é carregado.|Abrir o pedaço de HTML atual`,
  he: `הציבו את הכותרות באתר שלכם|דילוג לתוצאה|כותרות בשידור חי|ערוץ|מהדורה|מראה|רשימה|רצועה|רצועה נעה|ערכת צבעים|אוטומטי|בהיר|כהה|כיוון|כמו הערוץ|משמאל לימין|מימין לשמאל|שפה|מספר הכותרות המרבי|הכול|דקות שבהן הודעה מחליפה כותרת שנמשכה|0: ללא הודעות. ברצועה נעה אין הודעות.|אילו כותרות|דחיפות|מדורים|אזורים|מופרדים בפסיקים|שיבוץ בתור|רכיב|מסגרת|HTML ללא סקריפט|העתיקו את זה|קיבוע גרסה זו של הסקריפט בגיבוב (SRI)|כך זה נראה|הכותרות הופכות לחלק מהדף שלכם ויכולות לקבל את הגופנים שלו. על המפעיל לאשר קודם את האתר שלכם.|דף נפרד בתוך הדף שלכם, עם סקריפטים וסגנונות משלו. הוא מציג כותרות גם ללא JavaScript.|קוד הקיצור דורש את התוסף הקטן; הבלוק “HTML מותאם” מקבל את המסגרת כמות שהיא.|קטע HTML שהשרת שלכם משבץ בדפיו, ללא סקריפט או סגנון. הוא עדכני בעת יצירת הדף ואינו נשאר חי.|סקריפט ורכיב|קוד קיצור|כתובת|נסו|העתקה|הועתק: #.|סומן: העתיקו במקלדת.|אין ערוץ, או שלא ניתן לטעון את הרשימה.|בחרו מהדורה.|“#” אינו מזהה: a–z, 0–9 ו--, לכל היותר 40.|לכל היותר #.|מספר שלם מ-# עד #.|אף כותרת של הערוץ אינה עוברת כעת.|אין בערוץ כותרת ב: #|הקראה לקוראי מסך|רגיל|כבוי|שמירת הכותרות האחרונות בדפדפן הקורא, בהסכמתו|חיבור אחד לכל הכרטיסיות|התחלה במצב מוסתר, עד שהדף מסיר את המאפיין “hidden”|לא לתפוס מקום ללא כותרות|גופן|מהשרת הזה|ממערכת הקורא|הכותרות יופיעו כאן לאחר טעינת הסקריפט.|פתיחת קטע ה-HTML כפי שהוא כעת`,
  it: `Metti i titoli sul tuo sito|Vai al risultato|Titoli in diretta|Canale|Edizione|Aspetto|Elenco|Striscia|Scorrimento|Tema|Automatico|Chiaro|Scuro|Direzione|Come il canale|Da sinistra a destra|Da destra a sinistra|Lingua|Numero massimo di titoli|Tutti|Minuti in cui un avviso sostituisce un titolo ritirato|0: nessun avviso. Lo scorrimento non ne ha.|Quali titoli|Urgenza|Sezioni|Regioni|Separate da virgole|Inserisci come|Elemento|Riquadro|HTML senza script|Copia questo|Fissa questa versione dello script con un hash (SRI)|Come appare|I titoli diventano parte della tua pagina e possono prenderne i caratteri. Il gestore deve prima autorizzare il tuo sito.|Una pagina a sé dentro la tua, con script e stili propri. Mostra i titoli anche senza JavaScript.|Lo shortcode richiede il piccolo plugin; il blocco “HTML personalizzato” prende il riquadro così com’è.|Un pezzo di HTML che il tuo server mette nelle pagine, senza script né stile. È aggiornato quando la pagina viene creata e poi non più.|Script ed elemento|Shortcode|Indirizzo|Prova|Copia|Copiato: #.|Selezionato: copia con la tastiera.|Non c’è alcun canale, o l’elenco non si carica.|Scegli un’edizione.|“#” non è un identificatore: usa a–z, 0–9 e -, al massimo 40.|Al massimo #.|Un numero intero da # a #.|Nessun titolo di questo canale passa ora.|Il canale non ha titoli in: #|Annuncia ai lettori di schermo|Come al solito|No|Conserva gli ultimi titoli nel browser del lettore, con il suo consenso|Una connessione per tutte le schede|Inizia nascosto, finché la tua pagina non toglie l’attributo “hidden”|Non occupare spazio senza titoli|Carattere|Da questo server|Del sistema del lettore|I titoli appaiono qui quando lo script è caricato.|Apri il pezzo di HTML attuale`,
  nl: `Zet de koppen op uw site|Naar het resultaat|Koppen live|Kanaal|Editie|Uiterlijk|Lijst|Strook|Lichtkrant|Thema|Automatisch|Licht|Donker|Richting|Zoals het kanaal|Van links naar rechts|Van rechts naar links|Taal|Hoogste aantal koppen|Alle|Minuten dat een melding een ingetrokken kop vervangt|0: geen meldingen. Een lichtkrant heeft er geen.|Welke koppen|Urgentie|Rubrieken|Regio’s|Met komma’s ertussen|Invoegen als|Element|Frame|HTML zonder script|Kopieer dit|Leg deze versie van het script vast met een hash (SRI)|Zo ziet het eruit|De koppen worden deel van uw pagina en kunnen haar lettertypen overnemen. De beheerder moet uw site eerst toelaten.|Een aparte pagina in de uwe, met eigen scripts en stijlen. Ze toont koppen ook zonder JavaScript.|De shortcode heeft de kleine plug-in nodig; het blok “Aangepaste HTML” neemt het frame zoals het is.|Een stuk HTML dat uw server in zijn pagina’s zet, zonder script of stijl. Het is actueel als de pagina wordt gemaakt en blijft niet live.|Script en element|Shortcode|Adres|Probeer het|Kopieer|Gekopieerd: #.|Geselecteerd: kopieer met het toetsenbord.|Er is geen kanaal, of de lijst kan niet worden geladen.|Kies een editie.|“#” is geen kenmerk: gebruik a–z, 0–9 en -, hoogstens 40.|Hoogstens #.|Een geheel getal van # tot #.|Er past nu geen kop van dit kanaal.|Het kanaal heeft geen kop in: #|Melden aan schermlezers|Gewoon|Uit|Bewaar de laatste koppen in de browser van de lezer, met toestemming|Eén verbinding voor alle tabbladen|Begin verborgen, tot uw pagina het attribuut “hidden” weghaalt|Neem geen ruimte in zonder koppen|Lettertype|Van deze server|Van het systeem van de lezer|De koppen verschijnen hier als het script geladen is.|Open het stuk HTML van nu`,
  tr: `Başlıkları sitenize koyun|Sonuca geç|Canlı başlıklar|Yayın|Baskı|Görünüm|Liste|Şerit|Kayan yazı|Tema|Otomatik|Açık|Koyu|Yön|Yayındaki gibi|Soldan sağa|Sağdan sola|Dil|En çok başlık|Tümü|Geri çekilen bir başlığın yerinde bildirimin durduğu dakika|0: bildirim yok. Kayan yazıda bildirim yoktur.|Hangi başlıklar|Aciliyet|Bölümler|Bölgeler|Aralarında virgülle|Ekleme biçimi|Öğe|Çerçeve|Betiksiz HTML|Bunu kopyalayın|Betiğin bu sürümünü özetle sabitle (SRI)|Nasıl görünür|Başlıklar sayfanızın parçası olur ve yazı tiplerini alabilir. İşletmeci önce sitenize izin vermelidir.|Sayfanızın içinde, kendi betikleri ve stilleri olan ayrı bir sayfa. Başlıkları JavaScript olmadan da gösterir.|Kısa kod küçük eklentiyi ister; “Özel HTML” bloğu çerçeveyi olduğu gibi alır.|Sunucunuzun sayfalarına koyduğu, betiksiz ve stilsiz bir HTML parçası. Sayfa yapılırken günceldir, canlı kalmaz.|Betik ve öğe|Kısa kod|Adres|Deneyin|Kopyala|Kopyalandı: #.|Seçildi: klavyeyle kopyalayın.|Gösterilecek yayın yok veya liste yüklenemiyor.|Bir baskı seçin.|“#” geçerli değil: a–z, 0–9 ve -, en çok 40.|En çok #.|# ile # arasında bir tam sayı.|Şu anda bu yayından hiçbir başlık geçmiyor.|Yayında şu bölümde başlık yok: #|Ekran okuyuculara duyur|Olağan|Kapalı|Son başlıkları okurun tarayıcısında sakla; önce onay isteyin|Tüm sekmeler için tek bağlantı|Sayfanız “hidden” özniteliğini kaldırana dek gizli başla|Başlık yokken yer kaplama|Yazı tipi|Bu sunucudan|Okurun sisteminden|Betik yüklenince başlıklar burada görünür.|HTML parçasını şimdiki hâliyle aç`,
  fa: `عنوان‌ها را در سایت خود بگذارید|رفتن به نتیجه|عنوان‌های زنده|کانال|ویرایش|ظاهر|فهرست|نوار|نوار روان|پوسته|خودکار|روشن|تیره|جهت|مانند کانال|چپ به راست|راست به چپ|زبان|بیشترین شمار عنوان‌ها|همه|دقیقه‌هایی که یک اعلان جای عنوان پس‌گرفته می‌ماند|0: بدون اعلان. نوار روان اعلان ندارد.|کدام عنوان‌ها|فوریت|بخش‌ها|منطقه‌ها|با ویرگول میان آن‌ها|گذاشتن به شکل|عنصر|قاب|HTML بدون اسکریپت|این را رونوشت کنید|تثبیت این نسخهٔ اسکریپت با درهم‌ساز (SRI)|چگونه دیده می‌شود|عنوان‌ها بخشی از صفحهٔ شما می‌شوند و می‌توانند قلم آن را بگیرند. گرداننده باید نخست سایت شما را مجاز کند.|صفحه‌ای جدا درون صفحهٔ شما با اسکریپت و سبک خود. عنوان‌ها را بی JavaScript هم نشان می‌دهد.|کد کوتاه به افزونهٔ کوچک نیاز دارد؛ بلوک «HTML سفارشی» قاب را همان‌گونه می‌پذیرد.|تکه‌ای HTML که سرور شما در صفحه‌هایش می‌گذارد، بی اسکریپت و سبک. هنگام ساختن صفحه به‌روز است و زنده نمی‌ماند.|اسکریپت و عنصر|کد کوتاه|نشانی|بیازمایید|رونوشت|رونوشت شد: #.|انتخاب شد: با صفحه‌کلید رونوشت کنید.|کانالی نیست، یا فهرست بارگذاری نمی‌شود.|یک ویرایش برگزینید.|«#» شناسه نیست: a–z، 0–9 و -، حداکثر 40.|حداکثر #.|عددی درست از # تا #.|اکنون هیچ عنوانی از این کانال نمی‌گذرد.|کانال عنوانی در این ندارد: #|اعلام به صفحه‌خوان‌ها|معمول|خاموش|نگه‌داشتن آخرین عنوان‌ها در مرورگر خواننده با رضایت او|یک اتصال برای همهٔ برگه‌ها|آغاز پنهان، تا صفحهٔ شما ویژگی «hidden» را بردارد|بی عنوان جایی نگیرد|قلم|از این سرور|از سامانهٔ خواننده|پس از بارگذاری اسکریپت عنوان‌ها اینجا دیده می‌شوند.|باز کردن تکهٔ HTML کنونی`,
}

export const builderLanguages = Object.keys(rows)

/** The text with the values in the place of each `#`. */
export function filled(text: string, ...values: readonly (string | number)[]): string {
  const left = [...values]
  return text.replaceAll('#', () => String(left.shift() ?? ''))
}
